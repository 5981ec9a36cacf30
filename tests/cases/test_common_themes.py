"""Findings are gathered under common themes by people of the team, safely even by two at once; no force sees them."""

import re
import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cases import common_themes
from cases.common_themes import NewTheme, StaleTheme, ThemeRefused
from cases.models import CommonTheme, Finding, FindingKind, Reading, TaggedFinding
from cases.personal_data import LooksPersonal
from inspections.models import Side
from tests.cases.conftest import make_place
from tests.support.factories import make_audit, make_case

DRIFT = NewTheme("Enquiries drift without supervision", FindingKind.WEAKNESS)


def found(place, *texts, area="alpha", side=Side.INSPECTORATE, **audit):
    """Findings of one audit of a new case, all weaknesses."""
    case = make_case(place.inspection, area=area)
    made = make_audit(case, side, **audit)
    theme = place.framework.themes.all()[0]
    return [
        Finding.objects.create(
            audit=made, framework_id=made.framework_id, theme=theme, kind="weakness", text=text
        )
        for text in texts
    ]


def keys(findings):
    return [finding.pk for finding in findings]


def test_a_new_theme_knows_its_findings_and_cases(place):
    ticked = found(place, "Late.", "Later.") + found(place, "Latest.")
    theme = common_themes.gather(place.inspection, keys(ticked), under=DRIFT, by=place.inspector)
    assert (theme.title, theme.kind, theme.area.code) == (DRIFT.title, "weakness", "alpha")
    assert theme.created_by == place.inspector
    (one,) = common_themes.gathered(place.inspection, place.lead)
    assert (one.theme, one.findings, one.cases) == (theme, 3, 2)


def test_findings_of_several_areas_begin_a_theme_of_no_area(place):
    ticked = found(place, "Late.") + found(place, "Later.", area="beta")
    theme = common_themes.gather(place.inspection, keys(ticked), under=DRIFT, by=place.inspector)
    assert theme.area is None


def test_a_theme_of_one_area_takes_no_findings_of_another(place):
    theme = common_themes.gather(
        place.inspection, keys(found(place, "Late.")), under=DRIFT, by=place.inspector
    )
    other = found(place, "Later.", area="beta")
    with pytest.raises(ThemeRefused):
        common_themes.gather(place.inspection, keys(other), under=theme, by=place.inspector)


def test_the_same_title_is_the_same_theme_and_a_finding_is_under_it_once(place):
    ticked = keys(found(place, "Late."))
    themes = {
        common_themes.gather(place.inspection, ticked, under=under, by=person)
        for under, person in ((DRIFT, place.inspector), (DRIFT, place.lead))
    }
    assert len(themes) == 1
    assert TaggedFinding.objects.count() == 1


def test_only_submitted_findings_of_inspectors_that_the_person_may_read_are_gathered(place):
    hidden = [
        *found(place, "Draft.", submitted=False),
        *found(place, "The force’s.", side=Side.FORCE),
        *found(place, "A second reading’s.", reading=Reading.SECOND, reader=place.lead),
    ]
    excluded = found(place, "Excluded.")
    case = excluded[0].audit.case
    case.excluded_at, case.excluded_reason = timezone.now(), "Sealed."
    case.save()
    blind = found(place, "Blind.")
    make_audit(blind[0].audit.case, reading=Reading.SECOND, reader=place.inspector, submitted=False)
    shown = found(place, "Shown.")
    assert list(common_themes.findings(place.inspection, place.inspector)) == shown
    assert set(common_themes.findings(place.inspection, place.lead)) == {*shown, *blind}
    for person in (place.force_lead, place.outsider, place.administrator):
        assert not common_themes.findings(place.inspection, person).exists()
    with pytest.raises(ThemeRefused):
        common_themes.gather(
            place.inspection, keys([*hidden, *excluded, *blind]), under=DRIFT, by=place.inspector
        )
    assert not CommonTheme.objects.exists()


def test_what_looks_personal_in_a_title_needs_a_reason(place):
    ticked = keys(found(place, "Late."))
    named = NewTheme("Mail to jo@example.org went unanswered", FindingKind.CONCERN)
    with pytest.raises(LooksPersonal):
        common_themes.gather(place.inspection, ticked, under=named, by=place.inspector)
    assert not CommonTheme.objects.exists()
    common_themes.gather(
        place.inspection,
        ticked,
        under=named,
        by=place.inspector,
        personal_data_reason="A published address of a charity.",
    )
    assert CommonTheme.objects.get().title == named.title


def test_a_finding_can_be_taken_out_and_an_empty_theme_deleted(place):
    ticked = found(place, "Late.", "Later.")
    theme = common_themes.gather(place.inspection, keys(ticked), under=DRIFT, by=place.inspector)
    with pytest.raises(ThemeRefused):
        common_themes.delete(theme, by=place.inspector)
    assert common_themes.take_out(theme, keys(ticked), by=place.lead) == 2
    common_themes.delete(theme, by=place.lead)
    assert not CommonTheme.objects.exists()
    with pytest.raises(StaleTheme):
        common_themes.gather(place.inspection, keys(ticked), under=theme, by=place.inspector)


def test_two_people_who_rename_a_theme_do_not_overwrite_each_other(place):
    theme = common_themes.gather(
        place.inspection, keys(found(place, "Late.")), under=DRIFT, by=place.inspector
    )
    common_themes.rename(theme, "Drift", was=DRIFT.title, by=place.lead)
    with pytest.raises(StaleTheme):
        common_themes.rename(theme, "Delay", was=DRIFT.title, by=place.inspector)
    assert CommonTheme.objects.get().title == "Drift"


def test_a_theme_is_not_renamed_to_another_ones_title(place):
    ticked = keys(found(place, "Late."))
    theme = common_themes.gather(place.inspection, ticked, under=DRIFT, by=place.inspector)
    common_themes.gather(
        place.inspection, ticked, under=NewTheme("Other", FindingKind.CONCERN), by=place.inspector
    )
    with pytest.raises(ThemeRefused):
        common_themes.rename(theme, "Other", was=theme.title, by=place.inspector)


@pytest.mark.django_db(transaction=True)
def test_a_theme_that_is_filled_and_deleted_at_once_is_never_half_there():
    for _round in range(3):
        place = make_place()
        ticked = keys(found(place, "Late."))
        theme = common_themes.gather(place.inspection, ticked, under=DRIFT, by=place.inspector)
        common_themes.take_out(theme, ticked, by=place.inspector)
        together = threading.Barrier(2)
        refused: list[Exception] = []

        def at_once(act, together=together, refused=refused):
            together.wait()
            try:
                act()
            except (ThemeRefused, StaleTheme) as error:
                refused.append(error)
            finally:
                connection.close()

        acts = [
            lambda place=place, theme=theme: common_themes.delete(theme, by=place.lead),
            lambda place=place, theme=theme, ticked=ticked: common_themes.gather(
                place.inspection, ticked, under=theme, by=place.inspector
            ),
        ]
        threads = [threading.Thread(target=at_once, args=[act]) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 1
        left = CommonTheme.objects.filter(pk=theme.pk)
        assert left.exists() == TaggedFinding.objects.filter(common_theme=theme).exists()


def address(place, theme=None):
    if theme:
        return reverse("cases:common_theme", args=[place.inspection.pk, theme.pk])
    return reverse("cases:common_themes", args=[place.inspection.pk])


def test_the_page_puts_ticked_findings_under_a_theme_and_leads_to_its_cases(client, place):
    ticked = found(place, "Late.") + found(place, "Later.")
    client.force_login(place.inspector)
    sent = {"finding": keys(ticked), "title": DRIFT.title, "kind": "weakness"}
    done = client.post(f"{address(place)}?area=alpha", sent, follow=True)
    assert done.redirect_chain == [(f"{address(place)}?area=alpha", 302)]
    page = done.content.decode()
    assert "Put under “Enquiries drift without supervision”." in page
    href = re.search(r'href="([^"]*common_theme=\d+[^"]*)">2</a>', page).group(1)
    listed = client.get(href.replace("&amp;", "&")).content.decode()
    assert "Showing 1 to 2 of 2" in listed


def test_what_is_wrong_is_said_and_the_ticks_stay(client, place):
    ticked = found(place, "Late.")
    client.force_login(place.inspector)
    for sent, said in (
        ({"finding": keys(ticked)}, "enter what the findings have in common"),
        ({"finding": keys(ticked), "title": "Drift"}, "Select what kind of theme it is"),
        ({"title": "Drift", "kind": "concern"}, "Select at least one finding"),
        (
            {"finding": keys(ticked), "title": "Mail jo@example.org", "kind": "concern"},
            "looks like personal data",
        ),
    ):
        answered = client.post(address(place), sent)
        page = answered.content.decode()
        assert answered.status_code == 400
        assert said in page
        if "finding" in sent:
            assert re.search(rf'value="{ticked[0].pk}" id="select-\d+" checked', page)
    assert not CommonTheme.objects.exists()


def test_findings_are_narrowed_by_area_kind_theme_and_whether_they_are_gathered(client, place):
    one, two = found(place, "Late."), found(place, "Early.", area="beta")
    Finding.objects.filter(pk=two[0].pk).update(kind="strength")
    common_themes.gather(place.inspection, keys(one), under=DRIFT, by=place.inspector)
    client.force_login(place.manager)
    for query, shown in (
        ("", {"Late.", "Early."}),
        ("area=beta", {"Early."}),
        ("kind=weakness", {"Late."}),
        ("theme=theme-alpha", {"Late.", "Early."}),
        ("theme=theme-beta", set()),
        ("gathered=not_yet", {"Early."}),
        ("area=nonsense", {"Late.", "Early."}),
    ):
        page = client.get(f"{address(place)}?{query}").content.decode()
        texts = set(re.findall(r'assay-finding__text">([^<]*)<', page))
        assert texts == shown, query
        assert 'name="finding"' not in page  # a manager looks on


def test_the_page_of_a_theme_renames_takes_out_and_deletes(client, place):
    ticked = found(place, "Late.")
    theme = common_themes.gather(place.inspection, keys(ticked), under=DRIFT, by=place.lead)
    client.force_login(place.inspector)
    page = client.get(address(place, theme)).content.decode()
    assert "Late." in page
    assert "Delete this theme" not in page
    client.post(address(place, theme), {"action": "rename", "title": "Drift", "was": DRIFT.title})
    theme.refresh_from_db()
    assert theme.title == "Drift"
    stale = client.post(
        address(place, theme), {"action": "rename", "title": "Delay", "was": DRIFT.title}
    )
    assert stale.status_code == 409
    assert "Somebody else has named it “Drift” meanwhile" in stale.content.decode()
    assert 'value="Delay"' in stale.content.decode()
    nothing = client.post(address(place, theme), {"action": "take_out"}, follow=True)
    assert "Select at least one finding" in nothing.content.decode()
    full = client.post(address(place, theme), {"action": "delete"}, follow=True)
    assert "1 finding is under this theme" in full.content.decode()
    out = client.post(
        address(place, theme), {"action": "take_out", "finding": keys(ticked)}, follow=True
    )
    assert "Delete this theme" in out.content.decode()
    gone = client.post(address(place, theme), {"action": "delete"}, follow=True)
    assert "Theme “Drift” deleted." in gone.content.decode()


def test_forces_and_outsiders_never_see_common_themes_and_managers_change_none(client, place):
    ticked = found(place, "Late.")
    theme = common_themes.gather(place.inspection, keys(ticked), under=DRIFT, by=place.inspector)
    for person in (place.force_lead, place.viewer, place.other_force, place.outsider):
        client.force_login(person)
        for path in (address(place), address(place, theme)):
            assert client.get(path).status_code == 404
            assert client.post(path, {"finding": keys(ticked)}).status_code == 404
    client.force_login(place.manager)
    assert client.get(address(place, theme)).status_code == 200
    for path in (address(place), address(place, theme)):
        assert client.post(path, {"action": "delete"}).status_code == 403
