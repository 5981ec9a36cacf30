from django.http import HttpRequest, HttpResponse


def force_list(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    raise NotImplementedError
