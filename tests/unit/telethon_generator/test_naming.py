"""From schema words to Python names."""

from __future__ import annotations

import pytest

from telethon_generator.build import load_specs
from telethon_generator.naming import ClassSpec


@pytest.fixture(scope="module")
def specs() -> dict[str, ClassSpec]:
    return {spec.definition.name: spec for spec in load_specs()[1]}


@pytest.mark.parametrize(
    ("definition", "name", "module"),
    [
        ("inputPeerSelf", "InputPeerSelf", "telethon.tl.types"),
        ("resPQ", "ResPQ", "telethon.tl.types"),
        ("p_q_inner_data_temp_dc", "PQInnerDataTempDc", "telethon.tl.types"),
        ("server_DH_params_ok", "ServerDHParamsOk", "telethon.tl.types"),
        ("req_DH_params", "ReqDHParamsRequest", "telethon.tl.functions"),
        ("messages.sendMessage", "SendMessageRequest", "telethon.tl.functions.messages"),
        ("messages.dialogsSlice", "DialogsSlice", "telethon.tl.types.messages"),
    ],
)
def test_classes(specs: dict[str, ClassSpec], definition: str, name: str, module: str) -> None:
    assert specs[definition].name == name
    assert specs[definition].module == module


def arguments(spec: ClassSpec) -> str:
    return " ".join(field.name + ("=" if field.optional else "") for field in spec.arguments)


def test_optional_parameters_come_last(specs: dict[str, ClassSpec]) -> None:
    assert arguments(specs["inputMediaPhoto"]) == "id spoiler= live_photo= ttl_seconds= video="
    assert arguments(specs["messages.startBot"]) == "bot peer start_param random_id="


def test_words_that_python_keeps(specs: dict[str, ClassSpec]) -> None:
    assert "is_self=" in arguments(specs["user"])
    assert not any(field.name in {"self", "from"} for spec in specs.values() for field in spec.arguments)
    assert all(field.name.isidentifier() for spec in specs.values() for field in spec.arguments)


def kinds(spec: ClassSpec) -> dict[str, str]:
    return {field.name: field.kind for field in spec.fields}


def test_kinds(specs: dict[str, ClassSpec]) -> None:
    assert kinds(specs["message"])["date"] == "date"
    assert kinds(specs["message"])["edit_date"] == "date"
    assert kinds(specs["message"])["out"] == "true"
    assert kinds(specs["message"])["flags"] == "flags"
    assert kinds(specs["userStatusOffline"]) == {"was_online": "date"}
    assert kinds(specs["userStatusOnline"]) == {"expires": "date"}
    assert kinds(specs["future_salts"])["salts"] == "bare_object"
    assert kinds(specs["help.configSimple"])["rules"] == "object"
    assert kinds(specs["channels.getMessageAuthor"])["id"] == "uint"
    assert kinds(specs["server_DH_inner_data"])["server_time"] == "int"


def test_number_of_dates(specs: dict[str, ClassSpec]) -> None:
    assert sum(field.kind == "date" for spec in specs.values() for field in spec.fields) == 234
