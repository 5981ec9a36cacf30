from django.http import HttpRequest, HttpResponse


def new(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    raise NotImplementedError


def history(request: HttpRequest, pk: int) -> HttpResponse:
    raise NotImplementedError
