"""Entering by hand: every way in, what is refused, what is masked, what is judged, and that nothing of it is lost or doubled."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from groundswell.desk.accounts.models import Place, Role, Unit, User
from groundswell.desk.audit.models import Record
from groundswell.desk.entry import counts, pictures
from groundswell.desk.entry.models import Picture
from groundswell.desk.sources.collecting import shared_archive
from groundswell.desk.sources.models import Reading, Source
from groundswell.desk.spine.actions import NotAllowed, Refused, perform, undo
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.ports import ports
from groundswell.desk.stream.models import Correction, Item, ItemState
from groundswell.engine.text.secrecy import secrecy_mark
from groundswell.engine.text.shares import read_share
from tests.desk.county import WATER, lay, officer, tell, water_story
from tests.desk.screens import bomb, chinese_font, post

Person = Callable[..., User]
TEXT = "清河镇锦绣小区今天又停水了，物业说水泵坏了，老人提不动水"
FILM = {"source": "eye", "text": TEXT}


@pytest.fixture(autouse=True)
def _ground(desk: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "archive_folder", tmp_path / "archive")
    lay()
    for slug, name, public in (("eye", "云岭眼", False), ("traffic", "云岭交警", True)):
        Source.objects.create(
            slug=slug, name=name, channel="video", kind="manual", institutional=public, address="https://video.example/x/"
        )


@pytest.fixture
def duty(person: Person) -> User:
    return person(Role.DUTY)


@pytest.fixture
def page(client: Client, duty: User) -> Client:
    client.force_login(duty)
    return client


def enter(client: Client, **fields: Any) -> Any:
    return client.post("/desk/enter/", {"source": "eye", "do": "save", **fields})


def entered(client: Client, **fields: Any) -> Item:
    answer = enter(client, **fields)
    assert answer.status_code == 302, answer.content.decode()
    return Item.objects.get(key=re.search(r"/desk/enter/(\w+)/", answer["Location"])[1])  # type: ignore[index]


def picture(body: bytes, name: str = "shot.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, kind)


# ---------------------------------------------------------------- what comes in


def test_pasted_text_becomes_a_judged_item(page: Client, duty: User) -> None:
    item = entered(page, text=TEXT, reads="1.2万", likes="860", comments="", reposts="3k", url="https://v.example/abc?utm_source=x")
    assert (item.kind, item.source.slug, item.channel, item.entered_by) == ("entered", "eye", "video", duty)
    assert (item.reads, item.likes, item.comments, item.reposts) == (12_000, 860, None, 3_000)
    assert (item.about_us, item.unit.code if item.unit else "", item.places) == (True, "water", ["qinghe", "jinxiu"])
    assert item.published_at == item.collected_at == datetime(2026, 11, 23, 8, 6, tzinfo=UTC)
    answer = page.get(f"/desk/enter/{item.key}/").content.decode()
    assert "Water Bureau" in answer
    assert 'data-key="a"' in answer  # the key that puts the unit right
    assert 'href="/desk/enter/?"' in answer


@pytest.mark.parametrize(
    ("written", "stamp"),
    [
        ("", "2026-11-23T16:06:00+08:00"),
        ("刚刚", "2026-11-23T16:06:00+08:00"),
        ("昨天 08:12", "2026-11-22T08:12:00+08:00"),
        ("3分钟前", "2026-11-23T16:03:00+08:00"),
        ("半小时前", "2026-11-23T15:36:00+08:00"),
        ("11-22 20:05", "2026-11-22T20:05:00+08:00"),
        ("2026/11/20 9:5", "2026-11-20T09:05:00+08:00"),
        ("昨天", "2026-11-22"),  # only the day where only the day is known
        ("yesterday 08:12", "2026-11-22T08:12:00+08:00"),
    ],
)
def test_times_as_people_write_them(page: Client, written: str, stamp: str) -> None:
    assert entered(page, text=TEXT, seen=written).published_stamp == stamp


@pytest.mark.parametrize("written", ["明天 08:00", "不知道", "99:99", "2031-01-01"])
def test_what_is_no_time_or_lies_ahead_is_refused(page: Client, written: str) -> None:
    answer = enter(page, text=TEXT, seen=written)
    assert answer.status_code == 422
    assert written in answer.content.decode()
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    ("written", "count"),
    [("1.2万", 12_000), ("10w+", 100_000), ("10万+", 100_000), ("3千", 3_000), ("8,412", 8_412), ("１２３", 123), ("1.5亿", 150_000_000),
     ("860次", 860), ("", None), ("—", None), ("99999亿", 2_147_483_647)],
)  # fmt: skip
def test_counts_as_phones_show_them(written: str, count: int | None) -> None:
    assert counts.count_of(written) == count


@pytest.mark.parametrize("written", ["很多", "1.2.3", "-5", "1万2千3"])
def test_what_is_no_count_is_refused(page: Client, written: str) -> None:
    assert enter(page, text=TEXT, reads=written).status_code == 422


def test_a_place_that_the_register_lacks_is_named_once_and_found_again(page: Client) -> None:
    first = entered(page, source="other", platform="抖音", channel="video", text=TEXT)
    again = entered(page, source="other", platform="抖音", channel="video", text="白石镇桥头路灯全灭，晚上看不见路")
    assert first.source == again.source
    assert (first.source.name, first.source.channel, first.source.kind, first.source.institutional) == ("抖音", "video", "manual", False)
    third = entered(
        page, source="other", platform="豆音", channel="video", text="云岭县城关镇垃圾三天没人收"
    )  # sounds the same, is another
    assert third.source != first.source
    assert enter(page, source="other", text=TEXT).status_code == 422  # no platform named


@pytest.mark.parametrize(
    ("shared", "url", "platform", "text"),
    [
        ("7.43 复制打开抖音，看看【云岭小王的作品】锦绣小区自来水发黄 https://v.douyin.com/iAbCdE/ 09/12 wSy:/ j@P.Xm",
         "https://v.douyin.com/iAbCdE/", "抖音", "锦绣小区自来水发黄"),
        ("12 清河妹子发布了一篇小红书笔记，快来看吧！ 😆 aBcD12 😆 http://xhslink.com/abc，复制本条信息，打开【小红书】App查看精彩内容！",
         "http://xhslink.com/abc", "小红书", ""),
        ("https://v.kuaishou.com/abc 锦绣小区水黄了 复制此消息，打开【快手】直接观看！", "https://v.kuaishou.com/abc", "快手", "锦绣小区水黄了"),
        ("【云岭停水-哔哩哔哩】 https://b23.tv/abc", "https://b23.tv/abc", "哔哩哔哩", "【云岭停水-哔哩哔哩】"),
        ("锦绣小区停水三天了", "", "", "锦绣小区停水三天了"),
    ],
)  # fmt: skip
def test_what_apps_share_is_told_apart_and_their_chatter_with_the_name_goes(shared: str, url: str, platform: str, text: str) -> None:
    found = read_share(shared)
    assert (found.url, found.platform, found.text) == (url, platform, text)
    assert "小王" not in str(found)
    assert "妹子" not in str(found)


def test_a_phone_shares_into_the_form_and_nothing_is_stored_yet(page: Client) -> None:
    sent = {"text": "看看【云岭小王的作品】锦绣小区自来水发黄 https://v.douyin.com/iAb/", "title": ""}
    answers = [page.post("/desk/enter/share/", sent), page.get("/desk/enter/share/", sent), page.get("/desk/enter/", sent)]
    for answer in answers:
        html = answer.content.decode()
        assert answer.status_code == 200
        assert 'value="https://v.douyin.com/iAb/"' in html
        assert "锦绣小区自来水发黄</textarea>" in html
        assert 'value="抖音"' in html
        assert "小王" not in html
    assert not Item.objects.exists()


def test_the_manifest_offers_the_share_target(page: Client) -> None:
    answer = page.get("/desk/app.webmanifest")
    data = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert data["share_target"]["action"] == "/desk/enter/share/"
    assert data["share_target"]["params"]["files"][0]["name"] == "picture"
    assert '<link rel="manifest"' in page.get("/desk/enter/").content.decode()
    assert "manifest-src 'self'" in page.get("/desk/enter/")["Content-Security-Policy"]


def test_somebody_elses_page_cannot_put_a_picture_into_the_archive(page: Client) -> None:
    page.post("/desk/enter/share/", {"picture": picture(post(["水"]))}, headers={"Sec-Fetch-Site": "cross-site"})
    assert not list((ports.archive_folder).glob("*")) if ports.archive_folder.exists() else True


# ---------------------------------------------------------------- private names


def test_a_private_author_is_a_keyed_hash_and_mentions_are_masked(page: Client) -> None:
    item = entered(page, text=f"{TEXT} @水厂老李 怎么说", author="云岭小王")
    assert (item.author, len(item.voice)) == ("", 16)
    assert "@某用户" in item.text
    everything = shared_archive().read(item.archive).body.decode()
    assert "云岭小王" not in everything
    assert "老李" not in everything
    again = entered(page, text="锦绣小区水压太低，洗澡都没水", author="云岭小王")
    assert again.voice == item.voice


def test_an_institution_keeps_its_name(page: Client) -> None:
    item = entered(page, source="traffic", text="清河大桥今晚封闭施工，请绕行", author="云岭交警")
    assert (item.author, item.voice, item.institutional) == ("云岭交警", "", True)


# ---------------------------------------------------------------- secrecy


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("秘密★10年\n关于某事的通知", "秘密"),
        ("机 密 ★\n云岭县", "机密"),
        ("绝密\n通知", "绝密"),
        ("密级：机密\n文", "机密"),
        ("县委办文件\n\n秘密☆5年", "秘密"),
        ("機密★長期", "机密"),
        ("商业机密被泄露，公司报案", ""),
        ("他说这是两个人的秘密", ""),
        ("秘密花园公园今天开园", ""),
        ("一" * 500 + "\n机密★", ""),  # far below the head: prose that quotes a mark
    ],
)
def test_marks_at_the_head(text: str, mark: str) -> None:
    assert secrecy_mark(text) == mark


def test_a_marked_text_is_refused_and_nothing_of_it_is_kept(page: Client) -> None:
    answer = enter(page, text="秘密★10年\n关于清河镇供水的请示")
    assert answer.status_code == 422
    assert "state secrets" in answer.content.decode()
    assert not Item.objects.exists()
    assert not ports.archive_folder.exists() or not list(
        shared_archive().records(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
    )


# ---------------------------------------------------------------- twins


def test_the_same_link_is_found_before_it_is_entered_twice(page: Client) -> None:
    first = entered(page, text=TEXT, url="https://v.example/1")
    answer = enter(page, text="别的话", url="https://V.example/1?utm_source=copy#x")
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "The same link" in html
    assert "entered at 16:06" in html
    joined = enter(page, text="别的话", url="https://v.example/1", join=first.key, reads="5万")
    assert joined["Location"] == f"/desk/enter/{first.key}/"
    first.refresh_from_db()
    assert (Item.objects.count(), first.reads, first.text) == (1, 50_000, TEXT)


def test_a_near_copy_is_shown_and_may_join_its_story(page: Client) -> None:
    story = water_story()
    copy = WATER[0].replace("很重的", "重的") + "！"
    html = page.post("/desk/enter/twins/", {"text": copy}).content.decode()
    assert "Nearly the same text" in html
    assert story.number in html
    assert enter(page, text=copy).status_code == 409
    key = re.search(r'name="join" value="(\w+)"', html)[1]  # type: ignore[index]
    item = entered(page, text=copy, join=key)
    assert item.story == story
    assert Item.objects.filter(kind="entered").count() == 1


def test_what_says_something_else_is_no_twin(page: Client) -> None:
    water_story()
    html = page.post("/desk/enter/twins/", {"text": WATER[0].replace("锦绣小区", "幸福里小区")}).content.decode()
    assert "Nearly the same" not in html


def test_once_the_twin_was_seen_it_is_entered_all_the_same(page: Client) -> None:
    tell([WATER[0]])
    twin = Item.objects.get()
    item = entered(page, text=WATER[0] + "。", seen_twins=twin.key)
    assert item.pk != twin.pk


def test_a_unit_officer_sees_no_text_of_others_among_the_twins(client: Client, person: Person) -> None:
    tell([WATER[0]])
    Item.objects.update(unit=Unit.objects.get(code="water"))
    client.force_login(officer(person, unit="education"))
    html = client.post("/desk/enter/twins/", {"text": WATER[0] + "。"}).content.decode()
    assert "Nearly the same text" in html
    assert "铁锈味" not in html


# ---------------------------------------------------------------- undo, corrections, rights


def test_taken_back_it_is_out_of_sight_and_may_be_entered_again(page: Client, duty: User) -> None:
    item = entered(page, text=TEXT, url="https://v.example/2")
    batch = Entry.objects.get(action="item.enter").batch
    undo(duty, batch)
    item.refresh_from_db()
    assert (item.state, item.about_us, item.story, item.reason) == (ItemState.NOT_US, False, None, "withdrawn")
    assert "Entered today" in page.get("/desk/enter/").content.decode()
    again = entered(page, text=TEXT, url="https://v.example/2", seen_twins=item.key)
    assert (again.pk, again.state, again.about_us, again.reason) == (item.pk, ItemState.OPEN, True, "")


def test_after_a_correction_the_entry_cannot_be_taken_back_unseen(page: Client, duty: User) -> None:
    item = entered(page, text=TEXT)
    perform("item.assign", duty, item, {"unit": Unit.objects.get(code="education")})
    with pytest.raises(Refused):
        undo(duty, Entry.objects.get(action="item.enter").batch)


def test_the_place_is_put_right_by_one_key_and_back(page: Client, duty: User) -> None:
    item = entered(page, text=TEXT)
    entry = perform("item.place", duty, item, {"place": Place.objects.get(code="yunling")})
    assert item.places == ["yunling", "jinxiu"]
    assert item.judged["places"][0]["id"] == "yunling"
    assert Correction.objects.get(field="place").became == "yunling"
    undo(duty, entry.batch)
    item.refresh_from_db()
    assert item.places == ["qinghe", "jinxiu"]
    assert Correction.objects.get(field="place").undone_at is not None


def test_every_correction_comes_back_to_the_page_it_was_made_on(page: Client) -> None:
    item = entered(page, text=TEXT)
    answer = page.post(f"/desk/items/{item.key}/tone/", {"next": f"/desk/enter/{item.key}/"})
    assert answer["Location"] == f"/desk/enter/{item.key}/"


def test_a_unit_officer_enters_and_sees_it_whatever_was_judged(client: Client, person: Person) -> None:
    client.force_login(officer(person, unit="education"))
    item = entered(client, text="有人在网上问报名几号开始")
    assert item.unit == Unit.objects.get(code="education")
    assert client.get(f"/desk/enter/{item.key}/").status_code == 200


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.LEADS_KEEPER])
def test_others_may_not_enter(client: Client, person: Person, role: str) -> None:
    client.force_login(person(role))
    assert client.get("/desk/enter/").status_code == 403
    assert enter(client, text=TEXT).status_code == 403
    assert not Item.objects.exists()


def test_the_form_wants_its_token(duty: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(duty)
    assert enter(strict, text=TEXT).status_code == 403
    assert not Item.objects.exists()


def test_an_empty_form_says_what_is_missing(page: Client) -> None:
    answer = enter(page, text="  ")
    assert answer.status_code == 422
    assert "Write or paste what it says" in answer.content.decode()
    assert enter(page, text=TEXT, url="not an address").status_code == 422


# ---------------------------------------------------------------- pictures


def exif_jpeg() -> bytes:
    from PIL import Image

    exif = Image.Exif()
    exif[0x010E] = "SECRET-DESCRIPTION"
    exif[0x0132] = "2026:11:23 08:00:00"
    exif.get_ifd(0x8825)[1] = "N"
    return post(["hello"], format="JPEG", exif=exif, comment=b"SECRET-COMMENT")


def test_a_picture_is_made_anew_without_exif(page: Client) -> None:
    raw = exif_jpeg()
    assert b"SECRET-DESCRIPTION" in raw
    clean = pictures.clean(raw)
    assert clean.body.startswith(b"\x89PNG")
    assert b"SECRET" not in clean.body
    assert b"eXIf" not in clean.body
    assert b"tEXt" not in clean.body


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"GIF89a" + b"\0" * 100, "kind"),
        (b"%PDF-1.7 ...", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        (post(["x"])[:300], "broken"),
        (bomb(), "bomb"),
        (b"\x89PNG" + b"\0" * (pictures.LARGEST_BYTES + 1), "too_large"),
    ],
    ids=["gif", "pdf", "svg", "torn", "bomb", "large"],
)
def test_other_files_bombs_and_torn_pictures_are_refused(body: bytes, code: str) -> None:
    with pytest.raises(pictures.PictureFault) as fault:
        pictures.clean(body)
    assert fault.value.code == code


def test_a_picture_that_is_too_large_is_cut_off_while_it_is_sent(page: Client) -> None:
    answer = page.post("/desk/enter/", {"source": "eye", "do": "picture", "picture": picture(b"\x89PNG" + b"\0" * (11 * 2**20))})
    assert answer.status_code == 422
    assert "10 MB" in answer.content.decode()


def test_without_tesseract_the_picture_is_kept_and_a_sentence_says_what_to_do(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "languages", lambda: ())
    html = page.post("/desk/enter/", {"source": "eye", "do": "picture", "picture": picture(post(["水"]))}).content.decode()
    assert "tesseract is not installed" in html
    token = re.search(r'name="picture_token" value="([^"]+)"', html)[1]  # type: ignore[index]
    item = entered(page, text=TEXT, picture_token=token)
    assert Picture.objects.get(item=item).width == 1080


needs_ocr = pytest.mark.skipif(
    "chi_sim" not in pictures.languages() or not chinese_font(), reason="tesseract with Chinese, or a font, is not here"
)


@needs_ocr
def test_a_screenshot_is_read_masked_sealed_and_shown_back_only_with_a_written_look(page: Client, duty: User) -> None:
    shot = post(["云岭小王", "昨天 08:12", "清河镇锦绣小区的自来水发黄，有铁锈味", "@水厂老李 出来回应一下", "回复 张大妈：我家也是"])
    html = page.post("/desk/enter/", {"source": "eye", "picture": picture(shot)}).content.decode()  # as the page sends a chosen picture
    text = re.search(r'<textarea name="text"[^>]*>(.*?)</textarea>', html, re.DOTALL)[1]  # type: ignore[index]
    assert "自来水发黄" in text
    assert "某用户" in text
    assert re.search(r'name="seen" value="昨天 08:12"', html)  # the line of author and time went into its field
    assert not any(name in text for name in ("小王", "老李", "大妈"))
    token = re.search(r'name="picture_token" value="([^"]+)"', html)[1]  # type: ignore[index]
    item = entered(page, text=text, picture_token=token)
    sealed = Picture.objects.get(item=item)
    for path in ports.archive_folder.iterdir():
        assert b"PNG" not in path.read_bytes()
    asked = page.get(f"/desk/enter/{item.key}/picture/").content.decode()
    assert "<img" not in asked.split("<main")[1]
    assert not Record.objects.filter(act="picture.seen").exists()
    shown = page.post(f"/desk/enter/{item.key}/picture/").content.decode()
    assert Record.objects.get(act="picture.seen").actor == duty
    address = re.search(r'src="(/desk/enter/\w+/picture/[^"]+)"', shown)[1]  # type: ignore[index]
    answer = page.get(address)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "no-store")
    assert answer.content == pictures.picture_at(sealed.archive).body


@needs_ocr
def test_a_picture_with_a_secrecy_mark_is_not_even_sealed(page: Client) -> None:
    answer = page.post("/desk/enter/", {"source": "eye", "do": "picture", "picture": picture(post(["机密★10年", "云岭县水务局文件"]))})
    assert answer.status_code == 422
    assert "state secrets" in answer.content.decode()
    assert not ports.archive_folder.exists() or not any(path.stat().st_size > 2000 for path in ports.archive_folder.iterdir())


def test_the_picture_is_shown_to_nobody_else(page: Client, person: Person) -> None:
    html = page.post("/desk/enter/", {"source": "eye", "do": "picture", "picture": picture(post(["水"]))}).content.decode()
    token = re.search(r'name="picture_token" value="([^"]+)"', html)[1]  # type: ignore[index]
    stranger = Client()
    stranger.force_login(person(Role.EDITOR))
    other = entered(stranger, text=TEXT, picture_token=token)  # another's token is worth nothing
    assert not Picture.objects.filter(item=other).exists()
    item = entered(page, text="白石镇的桥今天塌了一角", picture_token=token)
    shown = page.post(f"/desk/enter/{item.key}/picture/").content.decode()
    address = re.search(r'src="(/desk/enter/\w+/picture/[^"]+)"', shown)[1]  # type: ignore[index]
    assert stranger.get(address).status_code == 404
    unit_officer = Client()
    unit_officer.force_login(officer(person))
    assert unit_officer.get(f"/desk/enter/{item.key}/picture/").status_code == 403


def test_a_picture_past_its_days_says_so(page: Client) -> None:
    html = page.post("/desk/enter/", {"source": "eye", "do": "picture", "picture": picture(post(["水"]))}).content.decode()
    token = re.search(r'name="picture_token" value="([^"]+)"', html)[1]  # type: ignore[index]
    item = entered(page, text=TEXT, picture_token=token)
    Picture.objects.update(archive="20200101-1-00000000.warc.gz.sealed:33")
    assert "not kept any more" in page.post(f"/desk/enter/{item.key}/picture/").content.decode()
    assert not Record.objects.filter(act="picture.seen").exists()


def test_the_upload_never_lies_in_a_file(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a temporary file was made")

    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    noise = io.BytesIO()
    from PIL import Image

    Image.effect_noise((1600, 1600), 90).save(noise, "PNG")
    assert noise.tell() > 2 * 2**20
    assert page.post("/desk/enter/", {"source": "eye", "do": "picture", "picture": picture(noise.getvalue())}).status_code == 200


# ---------------------------------------------------------------- the reading book behind it


def test_entered_from_a_reading_it_stands_in_the_book_and_undo_takes_it_out(page: Client, duty: User) -> None:
    entered(page, text=TEXT, reading="1")
    entered(page, text="白石镇桥头路灯全灭，晚上看不见路", reading="1")
    reading = Reading.objects.get()
    assert (reading.source.slug, reading.reader, reading.found) == ("eye", duty, 2)
    undo(duty, Entry.objects.filter(action="item.enter").latest("id").batch)
    reading.refresh_from_db()
    assert reading.found == 1


def test_not_allowed_is_not_allowed_below_the_pages_too(person: Person) -> None:
    from groundswell.desk.entry.records import Said
    from groundswell.desk.spine.actions import found

    said = Said(Source.objects.get(slug="eye"), "", TEXT, "", "", "", {})
    with pytest.raises(NotAllowed):
        found("item.enter", person(Role.AUDITOR), {"said": said})
