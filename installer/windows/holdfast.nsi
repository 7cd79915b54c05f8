; The installer for one person, without rights of an administrator. Built by installer/windows/packages.py, which gives
; VERSION, NUMBERS, PAYLOAD, ICON, OUT, KIB, PUBLISHER and COPYRIGHT; TARGET only for a try where no 32-bit program runs.
;
;   Holdfast-VERSION-user.exe /S [/LOG=file] [/NOSHORTCUT] [/D=folder]     /D must come last, without quotation marks
;
; Exit codes: 0 done; 1 the person stopped it; 2 it could not be done; 32 Holdfast is open; 1638 a newer version is installed.
; What people keep lies in %LOCALAPPDATA%\Holdfast, which no line of this touches.

Unicode true
!ifdef TARGET
  Target ${TARGET}
!endif
SetCompressor /SOLID lzma
SetCompressorDictSize 64
SetDateSave off
ManifestDPIAware true
ManifestSupportedOS all
RequestExecutionLevel user

!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "WordFunc.nsh"
!include "LogicLib.nsh"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Holdfast"

Name "Holdfast"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\Holdfast"
InstallDirRegKey HKCU "Software\Holdfast" "InstallDir"
BrandingText "Holdfast ${VERSION}"

VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "Holdfast"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Holdfast, installer for one person"
VIAddVersionKey "CompanyName" "${PUBLISHER}"
VIAddVersionKey "LegalCopyright" "${COPYRIGHT}"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\Holdfast.exe"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

Var Log
Var Shortcut

; Writes a line to the log and to the list on the screen.
!macro Say text
  DetailPrint "${text}"
  ${If} $Log != ""
    FileOpen $9 "$Log" a
    FileSeek $9 0 END
    FileWriteUTF16LE $9 "${text}$\r$\n"
    FileClose $9
  ${EndIf}
!macroend

!macro Options
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/LOG=" $Log
  ${If} ${Errors}
    StrCpy $Log ""
  ${EndIf}
!macroend

!macro StopIfOpen
  ${If} ${FileExists} "$INSTDIR\Holdfast.exe"
    ClearErrors
    FileOpen $8 "$INSTDIR\Holdfast.exe" a
    ${If} ${Errors}
      !insertmacro Say "Holdfast is open. Close it, then try again. Nothing was changed."
      MessageBox MB_OK|MB_ICONEXCLAMATION "Holdfast is open. Close it, then try again." /SD IDOK
      SetErrorLevel 32
      Quit
    ${EndIf}
    FileClose $8
  ${EndIf}
!macroend

!macro RemoveProgram
  Delete "$INSTDIR\Holdfast.exe"
  Delete "$INSTDIR\Holdfast.pkg"
  Delete "$INSTDIR\holdfast.com"
  Delete "$INSTDIR\sbom.cdx.json"
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\licences"
  RMDir /r "$INSTDIR\policy"
!macroend

Function .onInit
  SetShellVarContext current
  !insertmacro Options
  StrCpy $Shortcut "1"
  ClearErrors
  ${GetOptions} $0 "/NOSHORTCUT" $1
  ${IfNot} ${Errors}
    StrCpy $Shortcut "0"
  ${EndIf}
  ReadRegStr $1 HKCU "${UNINSTALL}" "DisplayVersion"
  ${If} $1 != ""
    ${VersionCompare} "$1" "${VERSION}" $2
    ${If} $2 == "1"
      !insertmacro Say "Holdfast $1 is installed, which is newer than ${VERSION}. It was left as it is."
      MessageBox MB_OK|MB_ICONEXCLAMATION "Holdfast $1 is installed, which is newer than ${VERSION}. It was left as it is." /SD IDOK
      SetErrorLevel 1638
      Quit
    ${EndIf}
  ${EndIf}
FunctionEnd

Section
  !insertmacro StopIfOpen
  !insertmacro Say "Holdfast ${VERSION} into $INSTDIR"
  !insertmacro RemoveProgram
  ClearErrors
  SetOutPath "$INSTDIR"
  File /r "${PAYLOAD}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ${If} $Shortcut == "1"
    CreateShortcut "$SMPROGRAMS\Holdfast.lnk" "$INSTDIR\Holdfast.exe"
  ${EndIf}
  WriteRegStr HKCU "Software\Holdfast" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Holdfast"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\Holdfast.exe"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${KIB}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${If} ${Errors}
    !insertmacro Say "Not everything could be written."
    SetErrorLevel 2
  ${Else}
    !insertmacro Say "Done."
  ${EndIf}
SectionEnd

Function un.onInit
  SetShellVarContext current
  !insertmacro Options
FunctionEnd

Section "Uninstall"
  !insertmacro StopIfOpen
  !insertmacro RemoveProgram
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Holdfast.lnk"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegValue HKCU "Software\Holdfast" "InstallDir"
  DeleteRegKey /ifempty HKCU "Software\Holdfast"
  !insertmacro Say "Holdfast was removed. The records of this person are where they were."
SectionEnd
