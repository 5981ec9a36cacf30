from django.http import HttpRequest, HttpResponse


def move(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    raise NotImplementedError
