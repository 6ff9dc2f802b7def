"""Makes a private virtual environment with moto in it: prepare.py FOLDER.

Two at once: the second waits for the first. The kernel frees the lock of a process that died.
Exit code 3: this Python cannot make virtual environments. Any other but 0: pip failed.
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent


def is_complete(python: Path) -> bool:
    return (
        python.exists()
        and subprocess.run(
            [
                python,
                "-c",
                "import moto.server, moto.ecs.models, moto.elbv2.models, moto.acm.models",
            ],
            capture_output=True,
            check=False,
        ).returncode
        == 0
    )


def main() -> int:
    folder = Path(sys.argv[1])
    python = folder / "bin" / "python"
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_complete(python):
            return 0
        try:
            venv.create(folder, clear=True, with_pip=True)
        except (subprocess.CalledProcessError, OSError, SystemExit) as error:
            print(error, file=sys.stderr)
            return 3
        pip = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
        ]
        return subprocess.run([*pip, "-r", HERE / "requirements.txt"], check=False).returncode and 1


sys.exit(main())
