"""Languages that MedGrid has no catalog of, in which a site says some of its texts all the same."""

import csv
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
# On every page: whoever has translated it has translated the portal.
SENTENCE = "Times are shown in your own time zone."
# Code -> translations by their texts.
SPOKEN = {
	"zh_TW": {SENTENCE: "時間以您所在的時區顯示。", "Integrations": "整合"},
	"zh-TW": {SENTENCE: "時間以您所在的時區顯示。", "Integrations": "整合"},
	"pt-BR": {SENTENCE: "Os horários são exibidos no seu fuso horário.", "Integrations": "Integrações"},
	"sr-BA": {SENTENCE: "Vremena su prikazana u vašoj vremenskoj zoni.", "Integrations": "Integracije"},
}


def arabic() -> dict[str, str]:
	with (DATA / "portal-ar.csv").open(encoding="utf-8", newline="") as lines:
		return dict(csv.reader(lines))


def spoken(code: str) -> dict[str, str]:
	"""What a test site says in a language; nothing where MedGrid has a catalog."""
	return arabic() if code == "ar" else SPOKEN.get(code, {})


def translate(site, code: str, texts: dict[str, str]) -> list[str]:
	"""Adds translations as a System Manager does.

	:returns: the names of the Translations.
	"""
	made = []
	for text, translation in texts.items():
		values = {"source_text": text, "translated_text": translation, "language": code}
		made.append(site.get_doc({"doctype": "Translation", **values}).insert().name)
	site.db.commit()
	site.translate.clear_cache()
	return made


def forget(site, names: list[str]) -> None:
	site.db.delete("Translation", {"name": ("in", names or [""])})
	site.db.commit()
	site.translate.clear_cache()
