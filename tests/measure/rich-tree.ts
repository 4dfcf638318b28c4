// Makes the rich Debian tree that `works` and `size` measure in: `npm run measure -- rich-tree --tree DIR`.
// Needs root, mmdebstrap and the machine's own Debian sources. Packages that apt cannot install are skipped aloud.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** What a person calls when they work, by what it is for; their dependencies come along, recommendations do not. */
const packages = `
  nginx redis-server postgresql mariadb-server memcached haproxy bind9 openssh-server postfix mosquitto varnish
  lighttpd apache2 squid dnsmasq rsyslog vsftpd proftpd-core slapd unbound stunnel4 tinyproxy dovecot-core
  dovecot-imapd exim4-base- beanstalkd rabbitmq-server ngircd privoxy socat snmpd ntpsec chrony cron at

  git git-lfs subversion mercurial cvs bzr- rcs curl wget rsync aria2 lftp gnupg openssl gnutls-bin tar xz-utils zstd
  bzip2 lz4 lzop p7zip-full unzip zip cpio ar- brotli pigz pbzip2 imagemagick ffmpeg graphviz ghostscript
  poppler-utils sqlite3 vim emacs-nox nano tmux screen jq bc dc ed gawk mawk sed less file tree moreutils parallel
  gcc g++ binutils make cmake ninja-build meson gdb strace ltrace valgrind flex bison m4 autoconf automake libtool
  pkg-config gettext ccache cppcheck clang-format indent astyle global exuberant-ctags patch diffutils diffstat
  perl python3 python3-pip python3-venv ruby php-cli lua5.4 tcl tk expect guile-3.0 nodejs ocaml-base-nox
  openjdk-17-jre-headless erlang-base r-base-core- octave- gnuplot-nox groff man-db mutt busybox coreutils util-linux
  procps psmisc iproute2 iputils-ping net-tools dnsutils nmap tcpdump netcat-openbsd mtr-tiny traceroute whois
  iptables nftables ipset ethtool bridge-utils wireguard-tools openvpn iperf3 ngrep arping fping hping3 tshark
  openssh-client sshpass mosh telnet ftp w3m lynx links elinks- httpie apache2-utils siege
  postgresql-client mariadb-client redis-tools ldap-utils mosquitto-clients smbclient nfs-common cifs-utils
  e2fsprogs btrfs-progs xfsprogs dosfstools ntfs-3g mtools squashfs-tools genisoimage xorriso parted gdisk
  cryptsetup-bin lvm2 mdadm smartmontools hdparm pciutils usbutils dmidecode lshw
  acl attr libcap2-bin keyutils pwgen apg makepasswd sudo doas- passwd login adduser whois libpam-pwquality
  debhelper devscripts dpkg-dev fakeroot debootstrap lintian- apt-utils aptitude reprepro quilt
  asciidoctor pandoc- docbook-xsl xsltproc libxml2-utils xmlstarlet tidy html2text markdown discount
  sox lame vorbis-tools flac opus-tools mpg123 mediainfo exiftool libimage-exiftool-perl jpegoptim optipng pngcrush
  webp libjpeg-turbo-progs librsvg2-bin inkscape- netpbm potrace qrencode zbar-tools tesseract-ocr qpdf mupdf-tools
  fonts-dejavu-core fontconfig xauth xvfb x11-utils
  gnupg2 pinentry-curses scdaemon gpgv age minisign signify-openbsd keychain pass
  sysstat htop iotop atop dstat lsof inotify-tools entr watchdog- time stress-ng sysbench fio hyperfine bmon iftop
  nethogs vnstat logrotate multitail ccze pv dialog whiptail newt-tcl- figlet toilet cowsay fortune-mod rlwrap
  bsdextrautils bsdmainutils ncal calendar task-spooler taskwarrior remind hledger- ledger units
  libreadline-dev zlib1g-dev locales locales-all- tzdata ca-certificates iso-codes mime-support media-types
  awscli- ansible-core yamllint pylint black- flake8 python3-sphinx python3-docutils python3-pygments
  bats shellcheck shunit2 rename ack ripgrep fd-find silversearcher-ag fzf bat exa fish zsh dash ksh93u+m mksh tcsh
  dos2unix recode uchardet enca iconv- hunspell aspell-en ispell wamerican
  procmail fetchmail msmtp mailutils- s-nail isync notmuch spamassassin bogofilter
  cups-client- lpr- sane-utils- alsa-utils- usbmuxd- minicom picocom lrzsz
  db-util gdbm-l10n- lmdb-utils tdb-tools rocksdb-tools leveldb-doc- sqlite3-tools
  uuid-runtime dbus policykit-1- systemd-sysv- tini dumb-init runit- supervisor s6 daemontools execline
  openbsd-inetd- tcpd- swaks dnstracer dnstop ldnsutils rdnssd- knot-dnsutils
`
  .split(/\s+/)
  .filter((name) => name !== '' && !/[a-z0-9]-$/.test(name));

const { values } = parseArgs({ options: { tree: { type: 'string', default: '/var/tmp/osless-rich' } } });
const tree = values.tree;
if (process.getuid?.() !== 0) throw new Error('making a tree needs root');
const run = (command: string, ...args: readonly string[]): void => {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
};

const sources = [
  '/etc/apt/sources.list',
  ...readdirSync('/etc/apt/sources.list.d').map((name) => `/etc/apt/sources.list.d/${name}`),
].filter((file) => existsSync(file) && /debian\.org/.test(readFileSync(file, 'utf8')));
if (!existsSync(`${tree}/etc/debian_version`)) {
  run('mmdebstrap', '--mode=root', '--variant=minbase', '--skip=cleanup/apt', '', tree, ...sources);
}
writeFileSync(`${tree}/usr/sbin/policy-rc.d`, '#!/bin/sh\nexit 101\n', { mode: 0o755 });

const apt = (...args: readonly string[]) =>
  spawnSync('chroot', [tree, 'apt-get', ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
  });
run('chroot', tree, 'apt-get', '-q', 'update');

const wanted: string[] = [];
for (const name of new Set(packages)) {
  const tried = apt('-s', '-q', '--no-install-recommends', 'install', ...wanted, name);
  if (tried.status === 0 && !/^Remv /m.test(tried.stdout)) wanted.push(name);
  else console.log(`skipped ${name}: ${/^E: .*/m.exec(tried.stderr)?.[0] ?? 'it conflicts with another'}`);
}
console.log(`installing ${wanted.length} packages with what they depend on`);
const mounts = ['proc', 'sys', 'dev'].map((name) => `${tree}/${name}`);
run('mount', '-t', 'proc', 'proc', mounts[0] ?? '');
try {
  const done = apt('-y', '-q', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0', 'install', ...wanted);
  if (done.status !== 0) console.log(`apt ended with ${done.status}:\n${done.stderr.slice(-3000)}`);
  apt('clean');
} finally {
  run('umount', mounts[0] ?? '');
}
console.log(`${tree} is usable`);
