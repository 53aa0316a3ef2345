"""What the project's pages say, without a word of CORS.

Here: views. Not here: their addresses (`urls.py`).
Spec: https://docs.djangoproject.com/en/stable/topics/http/views/
"""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods


def root(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"message": "welcome"})


@csrf_exempt
@require_http_methods(["GET", "POST"])
def items(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return JsonResponse({"created": json.loads(request.body)["name"]}, status=201)
    names = ["plum", "pear"]
    return JsonResponse(names, safe=False, headers={"X-Total-Count": len(names)})


@csrf_exempt
@require_http_methods(["PUT", "PATCH", "DELETE"])
def item(request: HttpRequest, number: int) -> HttpResponse:
    if request.method == "DELETE":
        return HttpResponse(status=204)
    if request.method == "PATCH":
        return JsonResponse({"number": number})
    name = json.loads(request.body)["name"]
    with_what = request.headers.get("X-Requested-With", "")
    return JsonResponse({"number": number, "name": name, "with": with_what})


def visitor(request: HttpRequest) -> HttpResponse:
    return JsonResponse(
        {
            "cookie": request.COOKIES.get("visitor", ""),
            "authorization": request.headers.get("Authorization", ""),
        }
    )


def closed(request: HttpRequest) -> HttpResponse:
    return HttpResponse("closed", status=503)


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")
