"""Addresses of news, saved searches and the way out."""

from django.urls import path

from allmende.web.notifications.views import news, post, rates, searches, unsubscribing

urlpatterns = [
    path("mein/nachrichten", news.show, name="news"),
    path("mein/nachrichten/gelesen", news.read_everything, name="news_read_all"),
    path("mein/nachrichten/einstellungen", rates.show, name="news_rates"),
    path("mein/nachrichten/adresse", rates.trust_address, name="news_trust_address"),
    path("mein/nachrichten/<str:public_id>", news.open_one, name="news_open"),
    path("mein/suchen", searches.show, name="saved_searches"),
    path("mein/suchen/neu", searches.new, name="saved_search_new"),
    path("mein/suchen/<str:public_id>", searches.change, name="saved_search_change"),
    path("mein/suchen/<str:public_id>/loeschen", searches.drop, name="saved_search_drop"),
    path("abbestellen/<str:ticket>", unsubscribing.show, name="unsubscribe"),
    path("demo/post", post.show, name="demo_post"),
    path("demo/post/<str:public_id>", post.one, name="demo_letter"),
]
