"""A saved index: built once, then opened in a moment and shared by every process.

It is a folder with a manifest (JSON) and one file of arrays, mapped when it is opened. The manifest is renamed into
place last, so that whoever opens the folder finds the old index or the new one, whole. See docs/indexing.md.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import numpy as np

from webapp.answering.answerer import Answerer
from webapp.answering.manifest import (
    DATA,
    FORMAT,
    FORMAT_VERSION,
    UNFINISHED,
    alone_in,
    check_ours,
    data_name,
    identity,
    put_manifest,
    read_manifest,
    untouched,
)
from webapp.answering.model import shipped_model
from webapp.answering.polyglot import ManyLanguages, answering_from
from webapp.answering.suggesting import Suggestions
from webapp.answering.versions import open_versions, save_versions
from webapp.corpus.file_records import FileRecord, Library
from webapp.corpus.model import Problem, Severity
from webapp.corpus.records import SavedCorpus, read_record, record, save_documents
from webapp.corpus.sections import Damaged, Keep, SavedIndexError, Section, Sections, SectionWriter
from webapp.retrieval.fitting import TooLarge
from webapp.retrieval.language import language_of
from webapp.retrieval.saving import analysis_digest, open_parts, read_json, save_json, save_parts
from webapp.retrieval.telling import Told, tell_nobody

__all__ = ["SavedIndex", "SavedIndexError", "build_and_save", "open_index", "save_index", "verify_index"]

OPENINGS = 5
"""How often opening begins anew because the index was replaced meanwhile."""

Build = Callable[[Keep], Answerer | ManyLanguages]
"""Returns what is to be saved; large arrays may be given away as soon as they are made."""


@dataclass(frozen=True)
class SavedIndex:
    """An opened index."""

    answerer: Answerer | ManyLanguages
    library: Library


def save_index(folder: Path, answerer: Answerer | ManyLanguages, library: Library) -> None:
    """Save what `answering_from` built, in place of the index that may be in `folder`.

    Whoever has that one open keeps it. Killed at any moment, this leaves the old index or the new one.

    Raises:
        SavedIndexError: the folder holds something else, cannot be written, or is being written by another process.
    """
    _save_alone(folder, library, lambda _: answerer)


def build_and_save(folder: Path, library: Library, tell: Told = tell_nobody) -> None:
    """Build an index and save it as `save_index` does; what is large is written as soon as it is made.

    Raises:
        SavedIndexError: as `save_index`, or there is more in the documents than can be numbered.
    """
    try:
        _save_alone(folder, library, lambda keep: answering_from(library.corpus, keep=keep, tell=tell))
    except TooLarge as error:
        raise SavedIndexError(str(error)) from error


def open_index(folder: Path, *, target_precision: float) -> SavedIndex:
    """Open a saved index; what answers from it answers as the one did that was saved.

    Everything that is looked up by its place is compared with its checksum. The large rest is, too, unless the file is
    as its writer, or the last `verify_index`, left it.

    Raises:
        SavedIndexError: there is none, it is of another version, or it is damaged.
    """
    manifest, sections = _mapped(folder)
    sections.check(bulk=not untouched(folder, manifest))
    try:
        return _opened(manifest, sections, target_precision)
    except SavedIndexError:
        raise
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise Damaged("its parts do not fit together") from error


def verify_index(folder: Path) -> None:
    """Compare every byte with its checksum, and note that this was done, so that opening is quick.

    Raises:
        SavedIndexError: there is none, it is of another version, or it is damaged.
    """
    manifest, sections = _mapped(folder)
    sections.check(bulk=True)
    with suppress(OSError), alone_in(folder):
        file = folder / manifest["data"]["name"]
        # Another index may have been saved meanwhile.
        if read_manifest(folder) == manifest:
            manifest["data"]["identity"] = identity(file)
            put_manifest(folder, manifest)


def _save_alone(folder: Path, library: Library, build: Build) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with alone_in(folder):
            check_ours(folder)
            _save(folder, library, build)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SavedIndexError(f"{folder} cannot be written ({reason}). Name another folder, or make room.") from error


def _save(folder: Path, library: Library, build: Build) -> None:
    for left in folder.iterdir():
        if left.name == UNFINISHED or (DATA.fullmatch(left.name) and left.name != data_name(folder)):
            left.unlink()
    file = folder / f"arrays-{secrets.token_hex(8)}.bin"
    try:
        manifest = _written(file, library, build)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    put_manifest(folder, manifest)
    for old in folder.iterdir():
        if DATA.fullmatch(old.name) and old != file:
            old.unlink()


def _written(file: Path, library: Library, build: Build) -> dict[str, Any]:
    """Write the arrays, and return the manifest that speaks of them."""
    with open(file, "xb") as handle:
        handle.write(FORMAT.encode())
        writer = SectionWriter(handle)
        answerer = build(writer.keep)
        answerers = _answerers(answerer)
        save_documents(writer, answerer.corpus)
        for place, one in enumerate(answerers):
            save_parts(writer, str(place), one.index)
            if len(answerers) > 1:
                numbers = (answerer.corpus.numbers[document.id] for document in one.corpus.documents)
                writer.put(f"{place}.documents", np.fromiter(numbers, np.int32))
        save_json(writer, "problems", [asdict(problem) for problem in library.problems])
        save_json(writer, "files", [asdict(record) for record in library.files], bulk=True)
        save_json(writer, "out_of_time", [record(one).decode("utf-8", "surrogatepass") for one in library.out_of_time])
        save_versions(writer, answerer.versions)
        handle.flush()
        os.fsync(handle.fileno())
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "newsstand": _newsstand_version(),
        "analysis": analysis_digest(),
        "fingerprint": answerer.corpus.fingerprint,
        "documents": len(answerer.corpus.documents),
        "passages": sum(len(one.index.document_of) for one in answerers),
        "suggestions": answerer.suggesting.turn_about,
        "answerers": [
            {
                "language": one.index.language.tag,
                "fingerprint": one.corpus.fingerprint,
                "suggestions": one.suggesting.turn_about,
            }
            for one in answerers
        ],
        "data": {
            "name": file.name,
            "size_bytes": file.stat().st_size,
            "identity": identity(file),
            "sections": {name: section.as_json() for name, section in writer.sections.items()},
        },
    }


def _mapped(folder: Path) -> tuple[dict[str, Any], Sections]:
    """Return the manifest and the arrays it speaks of."""
    for _ in range(OPENINGS):
        manifest = read_manifest(folder)
        data = manifest["data"]
        try:
            sections = {name: Section.from_json(value) for name, value in data["sections"].items()}
            file = folder / data["name"]
            if file.stat().st_size != data["size_bytes"]:
                raise Damaged("its file is cut off")
            return manifest, Sections(file, sections)
        except FileNotFoundError:
            # A new index may have taken its place between two steps.
            if read_manifest(folder) == manifest:
                raise Damaged("its file is missing") from None
        except OSError as error:
            raise SavedIndexError(f"{folder} cannot be read ({error.strerror}). Give read permission.") from error
    raise SavedIndexError(f"The index in {folder} is replaced all the time. Try again when that has ended.")


def _opened(manifest: Mapping[str, Any], sections: Sections, target_precision: float) -> SavedIndex:
    whole = SavedCorpus.open(sections, manifest["fingerprint"])
    kept, model = manifest["answerers"], shipped_model()
    versions = open_versions(sections, whole)
    answerers = {}
    for place, one in enumerate(kept):
        own = whole
        if len(kept) > 1:
            own = whole.part(sections[f"{place}.documents"], one["fingerprint"])
        index = open_parts(sections, str(place), own, language_of(one["language"]))
        suggesting = Suggestions(own, _offered(one["suggestions"]))
        answerers[one["language"]] = Answerer(own, index, model, suggesting, versions, target_precision)
    library = Library(
        whole,
        _problems(read_json(sections, "problems")),
        SavedFiles(sections),
        tuple(read_record(one.encode("utf-8", "surrogatepass")) for one in read_json(sections, "out_of_time")),
    )
    if len(answerers) == 1:
        return SavedIndex(next(iter(answerers.values())), library)
    suggesting = Suggestions(whole, _offered(manifest["suggestions"]))
    return SavedIndex(ManyLanguages(whole, answerers, suggesting, versions, target_precision), library)


def _answerers(answerer: Answerer | ManyLanguages) -> Sequence[Answerer]:
    return tuple(answerer.answerers.values()) if isinstance(answerer, ManyLanguages) else (answerer,)


def _offered(kept: Sequence[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    return tuple((int(number), str(question)) for number, question in kept)


class SavedFiles(Sequence[FileRecord]):
    """What was known of each file when the index was built; read when it is asked for, as for reading again."""

    def __init__(self, sections: Sections) -> None:
        self._sections = sections

    @cached_property
    def _records(self) -> tuple[FileRecord, ...]:
        try:
            return tuple(_file_record(one) for one in read_json(self._sections, "files"))
        except (KeyError, TypeError, ValueError) as error:
            raise Damaged("records of files") from error

    @overload
    def __getitem__(self, place: int) -> FileRecord: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[FileRecord, ...]: ...

    def __getitem__(self, place: int | slice) -> FileRecord | tuple[FileRecord, ...]:
        return self._records[place]

    def __len__(self) -> int:
        return len(self._records)


def _problems(kept: Sequence[Mapping[str, Any]]) -> tuple[Problem, ...]:
    return tuple(Problem(**{**one, "severity": Severity(one["severity"])}) for one in kept)


def _file_record(kept: Mapping[str, Any]) -> FileRecord:
    lists = {"keys": tuple(kept["keys"]), "ids": tuple(kept["ids"]), "problems": _problems(kept["problems"])}
    return FileRecord(**{**kept, **lists})


def _newsstand_version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("newsstand")
    except PackageNotFoundError:
        return "unknown"
