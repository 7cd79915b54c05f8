#!/bin/sh
# Installs, upgrades, refuses to downgrade and removes with both installers, under Wine, around the stand-in. By hand, not in CI:
# a Windows runner does the same for real (.github/workflows/installers.yml).
#
#   sh installer/windows/try-wine.sh        (needs wine, 64-bit)
set -eu
cd "$(dirname "$0")/../.."

say() { printf '%s\n' "try-wine: $*"; }
python=${PYTHON:-.venv/bin/python}
version=$("$python" -c "from desktop import __version__; print(__version__)")
newer=99.0.0
tried=build/package/windows/tried

# Wine without its 32-bit part runs the same script from a 64-bit stub.
export HOLDFAST_NSIS_TARGET=amd64-unicode
export WINEPREFIX="$PWD/build/package/wine" WINEDEBUG=-all WINEARCH="${WINEARCH:-win64}" DISPLAY=
rm -rf "$WINEPREFIX"
wineboot --init >/dev/null 2>&1
drive=$WINEPREFIX/drive_c
data=$drive/users/$(id -un)/AppData/Local/Holdfast/workspace
mkdir -p "$data"
echo kept >"$data/holdfast.db"

"$python" -m installer.windows.packages --as-version "$newer" >/dev/null 2>&1
"$python" -m installer.windows.packages >/dev/null 2>&1

run() { # expected exit code, then the command
    want=$1
    shift
    code=0
    "$@" >/dev/null 2>&1 || code=$?
    wineserver --wait
    # The shell sees the last eight bits only.
    [ "$code" -eq "$((want % 256))" ] || { say "exit $code, not $want: $*"; exit 1; }
}
there() { [ -e "$1" ] || { say "missing: $1"; exit 1; }; }
gone() { [ ! -e "$1" ] || { say "still there: $1"; exit 1; }; }
registry() { wine reg query "$1" /v "$2" 2>/dev/null | tr -d '\r' | awk -v name="$2" '$1 == name { print $3 }'; }

program="$drive/Program Files/Holdfast"
msi="$tried/Holdfast-$version-x64.msi" newer_msi="$tried/Holdfast-$newer-x64.msi"
say "MSI: install"
run 0 wine msiexec /i "$msi" /qn AUTOUPDATE=0 /l*v build/package/msi.log
there "$program/Holdfast.exe"
there "$program/holdfast.com"
[ "$(registry 'HKLM\Software\Policies\Holdfast' UpdateCheck)" = off ] || { say "AUTOUPDATE=0 wrote nothing"; exit 1; }
say "MSI: upgrade; the setting stays"
run 0 wine msiexec /i "$newer_msi" /qn /l*v build/package/msi-upgrade.log
there "$program/Holdfast.exe"
[ "$(registry 'HKLM\Software\Policies\Holdfast' UpdateCheck)" = off ] || { say "the upgrade lost the setting"; exit 1; }
say "MSI: an older one is refused"
run 1603 wine msiexec /i "$msi" /qn /l*v build/package/msi-downgrade.log
there "$program/Holdfast.exe"
say "MSI: remove"
run 0 wine msiexec /x "$newer_msi" /qn
gone "$program/Holdfast.exe"
there "$data/holdfast.db"

program="$drive/users/$(id -un)/AppData/Local/Programs/Holdfast"
exe="$tried/Holdfast-$version-user.exe" newer_exe="$tried/Holdfast-$newer-user.exe"
say "EXE: install"
run 0 wine "$exe" /S
there "$program/Holdfast.exe"
say "EXE: upgrade"
run 0 wine "$newer_exe" /S
there "$program/uninstall.exe"
say "EXE: an older one is refused"
run 1638 wine "$exe" /S '/LOG=C:\refused.log'
there "$drive/refused.log"
say "EXE: remove"
run 0 wine "$program/uninstall.exe" /S "_?=$(wine winepath -w "$program" 2>/dev/null | tr -d '\r')"
gone "$program/Holdfast.exe"
there "$data/holdfast.db"
say "all as it should be"
