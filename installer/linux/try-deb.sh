#!/bin/sh
# Installs the .deb into a bare Debian of its own, uses it, removes it, and looks whether what people keep is still there.
#
#   sh installer/linux/try-deb.sh dist/holdfast_VERSION_amd64.deb     (as root; needs debootstrap; about three minutes)
#
# The bare system lies in build/package/bare and is used again by the next run; RELEASE=trixie tries another one, MIRROR another
# mirror than debootstrap's own.
set -eu
cd "$(dirname "$0")/../.."

deb=$1
release=${RELEASE:-bookworm}
bare=build/package/bare-$release
say() { printf '%s\n' "try-deb: $*"; }

[ "$(id -u)" -eq 0 ] || { say "needs root, for chroot"; exit 2; }
command -v debootstrap >/dev/null || sh .ci/apt.sh debootstrap

if [ ! -e "$bare/made" ]; then
    rm -rf "$bare"
    say "making a bare $release"
    # Word splitting is meant: without MIRROR debootstrap takes its own.
    # shellcheck disable=SC2086
    debootstrap --variant=minbase "$release" "$bare" ${MIRROR:-} >build/package/debootstrap.log 2>&1
    cp /etc/resolv.conf "$bare/etc/resolv.conf"
    : >"$bare/made"
fi

inside() { chroot "$bare" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
as_person() { chroot --userspec=person "$bare" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/home/person USER=person LANG=C.UTF-8 "$@"; }

unmounted() { umount "$bare/proc" "$bare/dev/pts" "$bare/dev" 2>/dev/null || true; }
trap unmounted EXIT
mount -t proc proc "$bare/proc"
mount --bind /dev "$bare/dev"
mount --bind /dev/pts "$bare/dev/pts"

inside apt-get update -qq
# A display and a Python to look on with: no part of the package.
inside apt-get install -y -qq --no-install-recommends gpgv xvfb xauth xdotool python3-minimal libpython3-stdlib desktop-file-utils >/dev/null
inside id person >/dev/null 2>&1 || inside useradd --create-home person

say "install"
inside apt-get purge -y -qq holdfast >/dev/null 2>&1 || true
cp "$deb" "$bare/tmp/holdfast.deb"
inside apt-get install -y -qq --no-install-recommends /tmp/holdfast.deb >/dev/null
inside dpkg -s holdfast | grep -E '^(Status|Version|Installed-Size)'
inside desktop-file-validate /usr/share/applications/holdfast.desktop
as_person holdfast --version
as_person test ! -w /opt/holdfast/holdfast

say "use, as a person without rights"
mkdir -p "$bare/opt/smoke/installer"
cp installer/smoke.py "$bare/opt/smoke/installer/"
as_person sh -c "cd /opt/smoke && QT_QPA_PLATFORM=xcb xvfb-run -a -s '-screen 0 1440x900x24' python3 -m installer.smoke /opt/holdfast"

say "keep something, install again over it, remove"
as_person env HOLDFAST_PASSPHRASE="a long passphrase" holdfast init --organisation Northmoor --kind scitt >/dev/null
inside apt-get install -y -qq --reinstall --no-install-recommends /tmp/holdfast.deb >/dev/null
as_person env HOLDFAST_PASSPHRASE="a long passphrase" holdfast doctor
inside apt-get purge -y -qq holdfast >/dev/null
inside test ! -e /opt/holdfast
inside test ! -e /usr/bin/holdfast
inside test -s /home/person/.local/share/Holdfast/workspace/holdfast.db
inside rm -rf /home/person/.local/share/Holdfast /home/person/.config/Holdfast
say "installed, used, removed; what was kept is still there"
