# SPDX-License-Identifier: Apache-2.0
"""Reads what the dynamic loader reads of an ELF file: interpreter, needed libraries, own name, run path.

Source: System V ABI, "Program Header" and "Dynamic Section". 64-bit little-endian only, which is what the
supported targets are; anything else is reported as not an ELF file of ours.
"""

import struct
from dataclasses import dataclass

_PT_LOAD, _PT_DYNAMIC, _PT_INTERP = 1, 2, 3
_DT_NULL, _DT_NEEDED, _DT_STRTAB, _DT_STRSZ, _DT_SONAME, _DT_RPATH, _DT_RUNPATH = 0, 1, 5, 10, 14, 15, 29


@dataclass(frozen=True)
class ElfFile:
    """The loader's view of one file."""

    interpreter: str | None
    needed: tuple
    soname: str | None
    run_path: tuple
    is_dynamic: bool


def read_elf(path):
    """The loader's view of the file at `path`, or None when it is not a 64-bit little-endian ELF file."""
    with open(path, "rb") as file:
        header = file.read(64)
        if len(header) < 64 or header[:6] != b"\x7fELF\x02\x01":
            return None
        offset, = struct.unpack_from("<Q", header, 32)
        entry_size, count = struct.unpack_from("<HH", header, 54)
        file.seek(offset)
        table = file.read(entry_size * count)
        if len(table) < entry_size * count:
            return None
        segments = [struct.unpack_from("<IIQQQQQQ", table, index * entry_size) for index in range(count)]
        interpreter = None
        dynamic = None
        for kind, _, at, _, _, size, _, _ in segments:
            if kind == _PT_INTERP:
                interpreter = _read(file, at, size).split(b"\0")[0].decode()
            elif kind == _PT_DYNAMIC:
                dynamic = _read(file, at, size)
        if dynamic is None:
            return ElfFile(interpreter, (), None, (), False)
        return _read_dynamic(file, interpreter, dynamic, segments)


def _read(file, offset, size):
    file.seek(offset)
    return file.read(size)


def _read_dynamic(file, interpreter, dynamic, segments):
    entries = []
    for index in range(0, len(dynamic) - 15, 16):
        tag, value = struct.unpack_from("<QQ", dynamic, index)
        if tag == _DT_NULL:
            break
        entries.append((tag, value))
    first = dict(reversed(entries))
    strings = b""
    if _DT_STRTAB in first:
        strings = _read(file, _file_offset(first[_DT_STRTAB], segments), first.get(_DT_STRSZ, 0))

    def text(start):
        return strings[start:strings.find(b"\0", start)].decode()

    needed = tuple(text(value) for tag, value in entries if tag == _DT_NEEDED)
    soname = text(first[_DT_SONAME]) if _DT_SONAME in first else None
    # DT_RUNPATH wins over DT_RPATH when both are there, as in ld.so(8).
    path = first.get(_DT_RUNPATH, first.get(_DT_RPATH))
    run_path = tuple(part for part in text(path).split(":") if part) if path is not None else ()
    return ElfFile(interpreter, needed, soname, run_path, True)


def _file_offset(address, segments):
    """Where the loaded `address` lies in the file."""
    for kind, _, at, virtual, _, size, _, _ in segments:
        if kind == _PT_LOAD and virtual <= address < virtual + size:
            return at + address - virtual
    return address
