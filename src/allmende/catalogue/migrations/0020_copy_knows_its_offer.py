from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0011_offers_that_lapsed'),
    ]

    operations = [
        migrations.AddField(
            model_name='workingcopy',
            name='offer_version',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
