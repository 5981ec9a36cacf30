from django.http import HttpRequest, HttpResponse


def inspection_list(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError
