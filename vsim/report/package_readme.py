"""README.md of a data package, in English and Chinese: what it is, how it was made, how to use it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vsim.report.dictionary import both, chinese
from vsim.report.dictionary import english as t
from vsim.spec.tables import Table


def readme_markdown(
    title: str, tables: Sequence[Table], rows: Mapping[str, int], facts: Mapping[str, str], *, truth: bool,
    twins: bool = False, about: Sequence[Mapping[str, str]] = (),
) -> str:
    """Return the text of README.md.

    Parameters
    ----------
    title : str
        English title of the data set.
    tables : sequence of Table
    rows : mapping of table name to number of rows
    facts : mapping
        `name`, `version`, `scenario_hash`, `seed`, `model_version`, `licences`.
    truth : bool
        Whether this is the package of the truth.
    twins : bool
        Whether there are copies for spreadsheets.
    about : sequence of mappings
        Further paragraphs in both languages, keys en and zh_CN.
    """
    lines = [f"# SYNTHETIC 合成数据: {title}", ""]
    for words in _paragraphs(truth):
        lines += [words, "", *([chinese(words), ""] if chinese(words) != words else [])]
    for paragraph in about:
        lines += [paragraph["en"], "", paragraph["zh_CN"], ""]
    lines += [f"| {both(t('Table'))} | {both(t('Rows'))} | {both(t('What it holds'))} |"]
    lines += ["| --- | ---: | --- |"]
    lines += [f"| `data/{table.name}.csv` | {rows[table.name]} | {both(table.title)} |" for table in tables]
    lines += ["", f"## {both(t('How the data were made'))}", ""]
    lines += [f"- {both(label)}: `{facts[key]}`" for key, label in _labels().items()]
    lines += [f"- {both(t('Licence'))}: {facts['licences']}", ""]
    for words in _use(twins):
        lines += [words, "", *([chinese(words), ""] if chinese(words) != words else [])]
    return "\n".join(lines).rstrip("\n") + "\n"


def _paragraphs(truth: bool) -> list[str]:
    opening = t("SYNTHETIC: the simulator vsim made every row. "
                "No person, organisation, number or place in these files is real.")
    if truth:
        return [opening, t("This is what truly happened. Do not hand this folder to learners.")]
    return [opening, t(
        "This is what an agency would see: records may be missing, late, rounded, doubled or inflated. "
        "What truly happened stands apart in the folder truth and is not handed to learners."
    )]


def _labels() -> dict[str, str]:
    return {
        "name": t("Data set"), "version": t("Version"), "model_version": t("Model version"),
        "scenario_hash": t("Scenario hash"), "seed": t("Seed"),
    }


def _use(twins: bool) -> list[str]:
    copies = t("The folder excel holds the same tables with a byte-order mark, for spreadsheets.")
    return [copies] * twins + [
        t("DICTIONARY.md says what each column holds and how it can err. recipe.yaml says how to make the "
          "data again, with the same bytes. `sha256sum -c SHA256SUMS` says whether the files are whole."),
        t("Read codes as text: a spreadsheet may cut zeros in front or turn codes into dates."),
    ]
