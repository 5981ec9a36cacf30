"""A force draws its sample at random, and an inspector draws it again at home, with nothing but a shell."""

import os
import re
import subprocess

import pytest
from django.urls import reverse
from django.utils.timezone import localtime

from cases.models import CaseFile
from inspections.models import Stage
from stack.processes import ROOT
from tests.cases.conftest import make_place
from tests.support.factories import PASSWORD
from tests.support.journey import Person
from tests.support.stack import follow

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = {"alpha": 40, "beta": 7, "gamma": 3}
LIST = "reference,area\n" + "".join(
    f"{area.upper()}-{number},{area}\n" for area, size in SIZES.items() for number in range(size)
)


def person(new_page, live_server, user):
    someone = Person(new_page(accept_downloads=True), live_server.url, user.email)
    someone.sign_in(PASSWORD)
    return someone


def drawn_by_hand(folder, seed, area, count):
    """Run the lines that docs/sampling.md gives, for one area."""
    [script] = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "sampling.md").read_text(), re.S)
    script = script.replace("custody", area).replace("-n 3", f"-n {count}")
    done = subprocess.run(
        ["sh", "-euc", script],
        cwd=folder,
        env={**os.environ, "SEED": seed, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    checksum, *lines = done.stdout.splitlines()
    return checksum.split()[0], [line.split(":", 1)[1] for line in lines]


def test_a_draw_is_repeated_from_its_seed_with_nothing_but_a_shell(live_server, new_page, tmp_path):
    place = make_place(Stage.SELF_ASSESSMENT, quota=3)
    sample = reverse("cases:sample", args=[place.inspection.pk])
    assessor = person(new_page, live_server, place.assessor)
    assessor.open(sample)
    assessor.reads("The force’s sample lacks 3 cases of “Area alpha”.")
    assessor.follow("Draw what is missing at random")
    assessor.attach("List of eligible cases", "list.csv", LIST.encode())
    assessor.press("Read the list")
    assessor.press("Draw 9 cases")
    assessor.reads("9 cases were drawn and are in the sample.")

    inspector = person(new_page, live_server, place.inspector)
    inspector.open(sample)
    links = inspector.page.get_by_role("navigation", name="Sections")
    follow(links.get_by_role("link", name="Random draw"))
    day = localtime(place.inspection.draws.get().drawn_at)
    inspector.follow(day.strftime("%-d %B %Y"), exact=False)
    inspector.reads(
        "Drawn again just now from the recorded list and seed: the same cases come out."
    )
    shown = inspector.page.locator("dl")
    codes = shown.locator("code").all_inner_texts()
    with inspector.page.expect_download() as waiting:
        inspector.page.get_by_role("link", name="Download the list").click()
    waiting.value.save_as(tmp_path / "list.txt")
    for area in SIZES:
        checksum, references = drawn_by_hand(tmp_path, codes[0], area, 3)
        assert checksum == codes[1]
        inside = CaseFile.objects.filter(area__code=area).values_list("reference", flat=True)
        assert sorted(inside) == sorted(references)
