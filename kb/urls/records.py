"""Addresses of histories, corrections and videos; mounted at the root by kb.urls."""

from django.urls import path, re_path

from kb.pages import videos
from kb.pages.corrections import history
from kb.pages.corrections import views as corrections

PLURALS = "papers|people|venues|workshops|topics|methods|labs|organisations|courses|books"
RECORD = rf"(?P<plural>{PLURALS})/(?P<key>[-\w]+)"

urlpatterns = [
    re_path(rf"^{RECORD}/history/$", history.detail, name="history"),
    re_path(rf"^{RECORD}/history/undo$", history.undo_change, name="history-undo"),
    re_path(rf"^{RECORD}/correct/$", corrections.new, name="correction-new"),
    re_path(rf"^{RECORD}/videos/add$", videos.add, name="video-add"),
    path("videos/<int:pk>/withdraw", videos.withdraw, name="video-withdraw"),
    path("videos/<int:pk>/dead", videos.dead, name="video-dead"),
    path("corrections/", corrections.index, name="corrections"),
    path("corrections/paper/", corrections.new_paper, name="correction-paper"),
    path("corrections/<int:pk>/", corrections.detail, name="correction"),
    path("corrections/<int:pk>/decide", corrections.decide, name="correction-decide"),
    path("corrections/<int:pk>/withdraw", corrections.withdraw, name="correction-withdraw"),
    path("alarms/<int:pk>/seen", corrections.see_alarm, name="alarm-seen"),
]
