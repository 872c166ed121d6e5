from __future__ import annotations

import pytest

from telethon.testing._strict import RULES, TELETHON_1_45, ProtocolViolations, Violation, Violations


def test_violations_are_a_sequence() -> None:
    violations = Violations()
    assert not violations
    violations.check()
    violations.add("seq_no", "one", "session 1")
    violations.add("ack", "two")
    assert len(violations) == 2
    assert violations[0] == Violation("seq_no", "one", "session 1")
    assert violations[:1] == [violations[0]]
    assert [violation.rule for violation in violations] == ["seq_no", "ack"]
    assert violations.of("ack") == [violations[1]]
    assert "seq_no" in repr(violations)
    violations.clear()
    assert not violations


def test_check_tells_everything() -> None:
    violations = Violations()
    violations.add("seq_no", "one", "session 1")
    violations.add("handler", "two", traceback="File x")
    with pytest.raises(ProtocolViolations) as caught:
        violations.check()
    text = str(caught.value)
    assert "2 rule(s)" in text
    assert "seq_no: one [session 1]" in text
    assert "handler: two\nFile x" in text
    assert caught.value.violations == tuple(violations)
    assert isinstance(caught.value, AssertionError)


def test_what_is_tolerated_is_kept_apart() -> None:
    violations = Violations(["ack"])
    violations.add("ack", "one")
    violations.add("seq_no", "two", tolerate=True)
    violations.add("seq_no", "three")
    violations.tolerate("seq_no")
    violations.add("seq_no", "four")
    assert [violation.detail for violation in violations] == ["three"]
    assert [violation.detail for violation in violations.tolerated] == ["one", "two", "four"]
    violations.clear()
    assert violations.tolerated == []


def test_rules_have_names() -> None:
    assert set(RULES) >= TELETHON_1_45
    with pytest.raises(ValueError, match="no rule 'everything'"):
        Violations(["everything"])
