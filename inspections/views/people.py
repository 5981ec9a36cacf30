from django.http import HttpRequest, HttpResponse


def people(request: HttpRequest, pk: int) -> HttpResponse:
    raise NotImplementedError


def remove(request: HttpRequest, pk: int, user_pk: int) -> HttpResponse:
    raise NotImplementedError
