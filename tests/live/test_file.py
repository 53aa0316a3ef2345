"""Policies from files that others write while the service runs.

Here: when a file is read, and what is read of it. Not here: formats (`configuration/`), what becomes
of the policy (`test_reload.py`).
Spec: https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically
"""

from __future__ import annotations

import os
import threading
import time

import pytest
from corsac import Policy, PolicyError, PolicyMap
from corsac.live import from_file, reload
from hearing import NEVER, OLD, make_handle, wait_until


class Reader:
    """Reads a file of origins, and counts how often."""

    def __init__(self):
        self.reads = 0

    def __call__(self, path):
        self.reads += 1
        with open(path) as file:
            return Policy(allow_origins=file.read().split())


def write(path, *names, age=10):
    """Write a file that has been left alone for so many seconds."""
    path.write_text(" ".join(f"https://{name}.example" for name in names))
    then = time.time() - age
    os.utime(path, (then, then))


def origins(policy):
    return [origin[8:-8] for origin in policy.allow_origins]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "origins"
    write(path, "first")
    return path


def test_a_file_is_read_once_while_it_stays_the_same(path):
    """What it says is kept."""
    read = Reader()
    load = from_file(path, read)
    policy = load()
    assert ["first"] == origins(policy)
    assert load() is policy
    assert 1 == read.reads


def test_a_file_is_read_again_when_it_was_written(path):
    """Also where it is as long as before."""
    load = from_file(str(path), Reader())
    assert ["first"] == origins(load())
    write(path, "other", age=5)
    assert ["other"] == origins(load())


def test_a_file_that_took_the_name_of_another_is_read(path):
    """Also where it is as long, and as old: another file stands there."""
    load = from_file(path, Reader())
    assert ["first"] == origins(load())
    new = path.with_name("new")
    write(new, "other")
    then = path.stat().st_mtime_ns
    os.utime(new, ns=(then, then))
    new.replace(path)
    assert ["other"] == origins(load())


def test_a_file_under_a_link_is_read_when_the_link_leads_elsewhere(tmp_path):
    """As Kubernetes mounts a ConfigMap: `origins` -> `..data/origins`, `..data` -> `..time`."""
    for number, name in enumerate(["first", "other"]):
        directory = tmp_path / f"..{number}"
        directory.mkdir()
        write(directory / "origins", name)
    data = tmp_path / "..data"
    data.symlink_to("..0")
    path = tmp_path / "origins"
    path.symlink_to("..data/origins")
    os.utime(path, (0, 0), follow_symlinks=False)  # it stays, and is old
    load = from_file(path, Reader())
    assert ["first"] == origins(load())
    (tmp_path / "..data_tmp").symlink_to("..1")
    (tmp_path / "..data_tmp").replace(data)
    assert ["other"] == origins(load())


def test_a_young_file_is_read_again(path):
    """Where a file system counts in whole seconds, it may change once more without a trace."""
    read = Reader()
    load = from_file(path, read)
    write(path, "first", age=0.5)
    load()
    then = path.stat().st_mtime_ns
    path.write_text("https://other.example")
    os.utime(path, ns=(then, then))
    assert ["other"] == origins(load())
    assert 2 == read.reads


def test_a_file_is_left_alone_until_its_writer_is_through(path):
    """The half of a policy is a policy too, and nobody means it."""
    ages = []

    def read(name):
        ages.append(time.time_ns() - os.stat(name).st_mtime_ns)
        return Reader()(name)

    def write_slowly():
        with open(path, "w") as file:
            for number in range(10):
                print(f"https://n{number}.example", file=file, flush=True)
                time.sleep(0.02)

    writer = threading.Thread(target=write_slowly)
    writer.start()
    wait_until(lambda: path.read_text().startswith("https://n0"))
    from_file(path, read)()
    writer.join()
    assert ages[-1] >= 100_000_000


@pytest.mark.parametrize("fails", [False, True])
def test_a_file_that_changes_while_it_is_read_is_read_again(path, fails):
    """What was read may be a mixture of both, and an error may be one of neither."""
    reads = []

    def read(name):
        policy = Reader()(name)
        reads.append(policy)
        if len(reads) == 1:
            write(path, "other", age=5)
            if fails:
                raise ValueError("half a file")
        return policy

    assert ["other"] == origins(from_file(path, read)())
    assert 2 == len(reads)


def test_a_file_that_never_comes_to_rest_is_read_in_the_end(path):
    """As it is then."""
    over = threading.Event()

    def write_on():
        while not over.is_set():
            os.utime(path)
            time.sleep(0.01)

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        assert ["first"] == origins(from_file(path, Reader())())
    finally:
        over.set()
        writer.join()


def test_a_file_of_the_future_is_read(path):
    """Clocks differ, between a file server and its clients."""
    write(path, "first", age=-3600)
    read = Reader()
    load = from_file(path, read)
    for _ in range(2):
        assert ["first"] == origins(load())
    assert 1 == read.reads
    write(path, "other", age=-3700)
    assert ["other"] == origins(load())


def test_a_file_that_was_wrong_is_read_again(path):
    """So that its failure is not forgotten, and its correction is seen."""
    load = from_file(path, Reader())
    write(path, "first", "br oken")
    for _ in range(2):
        with pytest.raises(PolicyError):
            load()
    write(path, "first", "other")
    assert ["first", "other"] == origins(load())


def test_a_missing_file_is_told_once_and_the_policy_stays(path, log):
    """Until it is there again."""
    handle, load = make_handle(), from_file(path, Reader())
    path.unlink()
    with reload(handle, load, every=NEVER) as reloader:
        for _ in range(3):
            assert not reloader.load_now()
        assert handle.policy is OLD
        write(path, "first")
        assert reloader.load_now()
    assert ["ERROR", "INFO", "INFO"] == [level for level, _ in log.lines]
    text = log.lines[0][1]
    assert text.startswith(f"from_file({str(path)!r}) gives no policy, ")
    assert text.endswith(f"No such file or directory: {str(path)!r}")


def test_policies_are_read_from_toml(tmp_path):
    """By default one, and several by the function that reads several."""
    path = tmp_path / "corsac.toml"
    path.write_text('allow_origins = ["https://first.example"]')
    assert ["first"] == origins(from_file(path)())
    path.write_text(
        '[policies.public]\nallow_origins = ["https://first.example"]\n'
        '[routes]\n"/api" = "public"'
    )
    loaded = from_file(path, PolicyMap.from_toml)()
    assert ["/api"] == list(loaded.routes)


def test_environment_files_are_files(tmp_path):
    """The environment of a process changes only from within; the file that it came from does not."""

    def read(path):
        with open(path) as file:
            pairs = (line.strip().split("=", 1) for line in file if "=" in line)
            return Policy.from_env(environ=dict(pairs))

    path = tmp_path / ".env"
    path.write_text("CORSAC_ALLOW_ORIGINS=https://first.example\n")
    load = from_file(path, read)
    assert ["first"] == origins(load())
    path.write_text(
        "CORSAC_ALLOW_ORIGINS=https://first.example https://other.example\n"
    )
    assert ["first", "other"] == origins(load())
