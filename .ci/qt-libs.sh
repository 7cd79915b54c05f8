#!/bin/sh
# Finds the system libraries that the installed Qt lacks (ldd tells exactly), and installs them through apt.
# Does nothing, and asks apt nothing, when all are there. Fails when some are still missing at the end.
set -u
cd "$(dirname "$0")/.." || exit 1

say() { printf '%s\n' "holdfast setup: $*" >&2; }

command -v ldd >/dev/null 2>&1 || exit 0
qt=$(.venv/bin/python -c 'import importlib.util as u; print(u.find_spec("PySide6").submodule_search_locations[0])') || exit 1

# The modules we import, the platform plugins for no display, X11 and Wayland, and the SVG plugins for icons.
missing() {
    for file in "$qt"/QtCore.abi3.so "$qt"/QtGui.abi3.so "$qt"/QtWidgets.abi3.so "$qt"/QtSvg.abi3.so \
        "$qt"/Qt/plugins/platforms/libqoffscreen.so "$qt"/Qt/plugins/platforms/libqxcb.so \
        "$qt"/Qt/plugins/platforms/libqwayland*.so "$qt"/Qt/plugins/wayland-*/*.so \
        "$qt"/Qt/plugins/xcbglintegrations/*.so \
        "$qt"/Qt/plugins/imageformats/libqsvg.so "$qt"/Qt/plugins/iconengines/*.so; do
        [ -e "$file" ] && ldd "$file" 2>/dev/null
    done | awk '/not found/ && $1 !~ /^libQt6/ { print $1 }' | sort -u
}

package_of() { # Debian and Ubuntu package of a library's file name
    case $1 in
        libEGL.so.1) echo libegl1 ;;
        libGL.so.1) echo libgl1 ;;
        libGLX.so.0) echo libglx0 ;;
        libOpenGL.so.0) echo libopengl0 ;;
        libX11.so.6) echo libx11-6 ;;
        libX11-xcb.so.1) echo libx11-xcb1 ;;
        libxkbcommon.so.0) echo libxkbcommon0 ;;
        libxkbcommon-x11.so.0) echo libxkbcommon-x11-0 ;;
        libxcb.so.1) echo libxcb1 ;;
        libxcb-*.so.*) echo "$1" | sed 's/\.so\.//' ;;
        libdbus-1.so.3) echo libdbus-1-3 ;;
        libfontconfig.so.1) echo libfontconfig1 ;;
        libfreetype.so.6) echo libfreetype6 ;;
        libglib-2.0.so.0 | libgthread-2.0.so.0 | libgio-2.0.so.0 | libgobject-2.0.so.0) echo libglib2.0-0 ;;
        libgssapi_krb5.so.2) echo libgssapi-krb5-2 ;;
        libwayland-server.so.0) echo libwayland-server0 ;;
        libwayland-client.so.0) echo libwayland-client0 ;;
        libwayland-cursor.so.0) echo libwayland-cursor0 ;;
        libwayland-egl.so.1) echo libwayland-egl1 ;;
        libdrm.so.2) echo libdrm2 ;;
        libgbm.so.1) echo libgbm1 ;;
        libz.so.1) echo zlib1g ;;
        libzstd.so.1) echo libzstd1 ;;
        libstdc++.so.6) echo libstdc++6 ;;
        *) say "no package known for $1" ;;
    esac
}

lacking=$(missing)
[ -z "$lacking" ] && exit 0

# Word splitting is meant: one package each, none twice.
# shellcheck disable=SC2046,SC2086
packages=$(for library in $lacking; do package_of "$library"; done | sort -u | tr '\n' ' ')
say "Qt needs $(echo "$lacking" | wc -l) system libraries that are not here"
# shellcheck disable=SC2086
[ -n "$packages" ] && sh .ci/apt.sh $packages

lacking=$(missing)
[ -z "$lacking" ] && exit 0
say "going on without them"
exit 1
