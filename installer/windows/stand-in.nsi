; A program of Windows that does nothing: it stands for Holdfast.exe where the installers are tried without Windows.
Unicode true
!ifdef TARGET
  Target ${TARGET}
!endif
SetCompressor lzma
SetDateSave off
SilentInstall silent
RequestExecutionLevel user
Name "Holdfast"
OutFile "${OUT}"
Icon "${ICON}"
VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "Holdfast"
VIAddVersionKey "FileDescription" "Holdfast, stand-in for a try of the installers"
VIAddVersionKey "LegalCopyright" "${COPYRIGHT}"
VIAddVersionKey "FileVersion" "${VERSION}"
Section
SectionEnd
