"""Words that carry no topic, in German and English; compared after `text.fold`, so without umlauts.

"innen" stands here because tokenising "Bürger:innen" leaves it behind, and "nicht" because queries are not logic;
"it" does not, for IT is a topic.
"""

GERMAN = """
ab aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes anders auch
auf aus ausser bei beim bereits bevor bin bis bist bzw da dabei dadurch dafür dagegen daher dahin damit
danach daneben dann daran darauf daraus darf darin darum darunter darüber das dass dasselbe davon davor dazu
dein deine deinem deinen deiner deines dem demselben den denen denn dennoch denselben der deren derer
derjenige derselbe derselben des deshalb desselben dessen desto deswegen dich die dies diese dieselbe
dieselben diesem diesen dieser dieses dir doch dort du durch dürfen ebenso eigentlich ein eine einem einen
einer eines einige einigem einigen einiger einiges einmal er es etc etwa etwas euch euer eure eurem euren
eurer eures für gegen ggf hab habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem
ihren ihrer ihres im immer in indem innen ins ist jede jedem jeden jeder jedes jedoch jene jenem jenen jener
jenes jetzt kann kein keine keinem keinen keiner keines können könnte machen man manche manchem manchen
mancher manches mein meine meinem meinen meiner meines mich mir mit muss musste möchte möchten müssen nach
nachdem nämlich nicht nichts noch nun nur ob oder ohne sehr sei sein seine seinem seinen seiner seines seit
selbst sich sie sind so sobald sodass sofern solche solchem solchen solcher solches soll sollen sollte
sondern sonst soweit sowie sowohl trotz um und uns unser unsere unserem unseren unserer unseres unter usw
viel vom von vor war waren warum was wegen weil weiter welche welchem welchen welcher welches wenn wer werde
werden wessen wie wieder will wir wird wo wollen worden wurde wurden während wäre würde würden zu zum zur
zwar zwischen über
"""

ENGLISH = """
a about an and are as at be by can for from has have how i if into is its not of on or our should that the
their there these they this to we what when where which who why will with would you your
"""
