"""The project's pages.

Here: addresses. Not here: what they say (`views.py`).
Spec: https://docs.djangoproject.com/en/stable/topics/http/urls/
"""

from django.urls import path

from mysite import views

urlpatterns = [
    path("", views.root),
    path("api/items/", views.items),
    path("api/items/<int:number>", views.item),
    path("api/visitor", views.visitor),
    path("api/closed", views.closed),
    path("api/broken", views.broken),
]
