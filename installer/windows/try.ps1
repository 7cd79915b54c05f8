# Installs, uses, upgrades, refuses to downgrade and removes both installers on a real Windows. For CI: it needs an administrator.
# Windows has no folder `holdfast.db` of anybody's there before; what is put there must be there at the end.
param([string]$Packages, [string]$Newer)
$ErrorActionPreference = "Stop"

$msi = (Get-ChildItem $Packages -Filter *.msi).FullName
$exe = (Get-ChildItem $Packages -Filter *.exe).FullName
$newerMsi = (Get-ChildItem $Newer -Filter *99.0.0*.msi).FullName
$newerExe = (Get-ChildItem $Newer -Filter *99.0.0*.exe).FullName
$kept = "$env:LOCALAPPDATA\Holdfast\workspace\holdfast.db"
New-Item -ItemType Directory -Force (Split-Path $kept) | Out-Null
Set-Content $kept "kept"

function Run([int]$want, [string]$program, [string[]]$words) {
    $done = Start-Process $program -ArgumentList $words -Wait -PassThru
    if ($done.ExitCode -ne $want) { throw "exit $($done.ExitCode), not ${want}: $program $words" }
}
function Holds($what, [string]$words) { if (-not $what) { throw $words } else { Write-Host "  ok   $words" } }
function UpdateCheck { (Get-ItemProperty HKLM:\Software\Policies\Holdfast -ErrorAction SilentlyContinue).UpdateCheck }

$program = "$env:ProgramFiles\Holdfast"
Run 0 msiexec @("/i", "`"$msi`"", "/qn", "AUTOUPDATE=0", "/l*v", "msi.log")
Holds (Test-Path "$program\Holdfast.exe") "MSI: installed"
Holds ((UpdateCheck) -eq "off") "MSI: AUTOUPDATE=0 counts"
python -m installer.smoke --no-window $program
if ($LASTEXITCODE) { throw "the installed program does not do what it should" }
Run 0 msiexec @("/i", "`"$newerMsi`"", "/qn", "/l*v", "msi-upgrade.log")
Holds ((UpdateCheck) -eq "off") "MSI: the setting outlasts an upgrade"
Run 1603 msiexec @("/i", "`"$msi`"", "/qn", "/l*v", "msi-downgrade.log")
Holds (Test-Path "$program\Holdfast.exe") "MSI: an older one is refused"
Run 0 msiexec @("/x", "`"$newerMsi`"", "/qn")
Holds (-not (Test-Path "$program\Holdfast.exe")) "MSI: removed"

$program = "$env:LOCALAPPDATA\Programs\Holdfast"
Run 0 $exe @("/S")
Holds (Test-Path "$program\holdfast.com") "EXE: installed"
& "$program\holdfast.com" --version
Run 0 $newerExe @("/S")
Run 1638 $exe @("/S", "/LOG=$PWD\exe-refused.log")
Holds (Test-Path exe-refused.log) "EXE: an older one is refused"
Run 0 "$program\uninstall.exe" @("/S", "_?=$program")
Holds (-not (Test-Path "$program\Holdfast.exe")) "EXE: removed"
Holds ((Get-Content $kept) -eq "kept") "what people keep is still there"
