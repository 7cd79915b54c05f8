#!/bin/sh
# The app and its disk image for macOS, into dist/. Runs on macOS only; it was written without one, and CI's macOS runner is where
# it is tried (.github/workflows/installers.yml).
#
#   sh installer/macos/build.sh
#
# HOLDFAST_SIGN_IDENTITY   a "Developer ID Application" in the keychain. Without one the app is not signed, and says so.
# HOLDFAST_NOTARY_PROFILE  a profile of `xcrun notarytool store-credentials`. Without one it is not notarised, and says so.
set -eu
cd "$(dirname "$0")/../.."

loud() { printf '\n%s\n%s\n%s\n\n' "==========" "$*" "==========" >&2; }

[ "$(uname -s)" = Darwin ] || { echo "This needs macOS." >&2; exit 2; }
python=${PYTHON:-python3}
version=$("$python" -c 'from desktop import __version__; print(__version__)')
app=build/package/frozen/Holdfast.app
image=dist/Holdfast-$version-macos-$(uname -m).dmg

"$python" -m installer.freeze
"$python" -m installer.allowed
cp -R build/package/frozen/Holdfast/licences build/package/frozen/Holdfast/policy build/package/frozen/Holdfast/sbom.cdx.json \
    "$app/Contents/Resources/"

if [ -n "${HOLDFAST_SIGN_IDENTITY:-}" ]; then
    # Inside first: the seal of the whole covers the seals of its parts.
    find "$app/Contents" -type f \( -name '*.so' -o -name '*.dylib' \) -print0 |
        xargs -0 codesign --force --timestamp --options runtime --sign "$HOLDFAST_SIGN_IDENTITY"
    codesign --force --timestamp --options runtime --entitlements installer/macos/entitlements.plist \
        --sign "$HOLDFAST_SIGN_IDENTITY" "$app"
    codesign --verify --deep --strict "$app"
else
    loud "NOT SIGNED: there is no key (HOLDFAST_SIGN_IDENTITY). macOS will refuse it. Do not publish this."
    codesign --force --deep --sign - "$app"
fi

mkdir -p dist
stage=build/package/dmg
rm -rf "$stage" && mkdir -p "$stage"
cp -R "$app" "$stage/"
ln -s /Applications "$stage/Applications"
hdiutil create -quiet -ov -fs HFS+ -format ULFO -volname "Holdfast $version" -srcfolder "$stage" "$image"

if [ -n "${HOLDFAST_NOTARY_PROFILE:-}" ]; then
    xcrun notarytool submit "$image" --keychain-profile "$HOLDFAST_NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
else
    loud "NOT NOTARISED: there is no profile (HOLDFAST_NOTARY_PROFILE)."
fi

"$python" -m installer.smoke --no-window "$app/Contents/MacOS" --expect "$version"
ls -l "$image"
