# Sourced by ./demo and ./test: brings what they need and says what it installs.

die() {
  printf '%s\n' "$@" >&2
  exit 1
}

# set_up demo|test
set_up() {
  check_node
  install_npm_packages
  install_system_packages "$1"
}

check_node() {
  command -v node >/dev/null || die 'Node is missing.' 'Install Node 20.19 or newer, with npm, and start this again.'
  node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' ||
    die "Node $(node --version) is too old." 'Install Node 20.19 or newer and start this again.'
}

install_npm_packages() {
  if [ node_modules/.package-lock.json -nt package-lock.json ]; then return; fi
  echo 'installing the npm packages of package-lock.json into node_modules/' >&2
  # The lock lists only the optional binaries that the registry had when it was written, which npm ci refuses;
  # npm install takes the versions and digests of the lock all the same, and leaves it as it is.
  npm install --no-save --no-audit --no-fund >&2
}

install_system_packages() {
  local missing=() package uses
  while read -r package uses; do
    case $package in '#'* | '') continue ;; esac
    case " $uses " in *" $1 "*) ;; *) continue ;; esac
    is_installed "$package" || missing+=("$package")
  done <system-packages.txt
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "These packages are missing: ${missing[*]}" 'Install them as root and start this again.'
    as_root=(sudo)
  fi
  command -v apt-get >/dev/null ||
    die "These packages are missing: ${missing[*]}" 'They are Debian names; install the same programs with your package manager.'
  echo "installing with apt-get: ${missing[*]}" >&2
  without_services "${as_root[@]}" apt-get update -qq >&2
  without_services "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
    die "apt-get could not install: ${missing[*]}" 'Install them by hand and start this again.'
}

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Packages such as nginx start their service when they are installed; nobody asked for that here.
without_services() {
  local policy=/usr/sbin/policy-rc.d made='' status=0
  local as_root=()
  [ "$1" = sudo ] && as_root=(sudo)
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee $policy >/dev/null
    "${as_root[@]}" chmod 755 $policy
    made=yes
  fi
  "$@" || status=$?
  [ -z "$made" ] || "${as_root[@]}" rm -f $policy
  return $status
}
