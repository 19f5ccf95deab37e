from django.urls import path

from shelter.web import home, house, season, settings, signing, team

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("readyz", home.readyz, name="readyz"),
    path("help/", home.help_page, name="help"),
    path("sign-in/", signing.SignIn.as_view(), name="sign-in"),
    path("sign-out/", signing.SignOut.as_view(), name="sign-out"),
    path("language/", signing.choose_language, name="language"),
    path("theme/", signing.choose_theme, name="theme"),
    path("season/", season.season, name="season"),
    path("nights/<night:night>/log/", season.night_log, name="night-log"),
    path("nights/<night:night>/step/", season.step, name="night-step"),
    path("house/", house.house, name="house"),
    path("house/places/", house.activate, name="house-activate"),
    path("house/dormitories/", house.change_dormitory, name="house-dormitory"),
    path("house/beds/", house.add, name="house-add"),
    path("house/closures/<int:pk>/reopen/", house.reopen, name="house-reopen"),
    path("settings/", settings.settings_page, name="settings"),
    path("team/", team.people, name="team"),
    path("team/<int:pk>/", team.person, name="team-person"),
]
