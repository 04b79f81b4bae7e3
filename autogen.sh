#!/bin/sh
# Makes FediFlow ready to build, or builds and runs it.
#
#   ./autogen.sh        writes ./configure and says what to do next
#   ./autogen.sh demo   installs what is missing, builds in ./build, starts a demonstration on loopback
#   ./autogen.sh check  installs what is missing, builds in ./build, runs every test (what CI does)
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)

# Debian packages that building FediFlow takes: name, then a command that shows it is there some
# other way (or -), then what it is for.
product_packages() {
	cat <<'END'
build-essential       cc|make     the C compiler, the linker, make
autoconf              autoreconf  writes ./configure
automake              automake    writes Makefile.in
pkgconf               pkg-config  finds the libraries
libmicrohttpd-dev     -           HTTP server
libwslay-dev          -           frames of WebSockets
libcurl4-openssl-dev  -           HTTP client
libssl-dev            -           keys, signatures, digests (OpenSSL 3)
libxml2-dev           -           HTML and XML from strangers
libjson-c-dev         -           reading JSON
liblmdb-dev           -           storage
libidn2-dev           -           international domain names
libunistring-dev      -           Unicode normal forms
libqrencode-dev       -           QR codes for authenticator apps
libvips-dev           -           pictures, in the helper
libseccomp-dev        -           the walls around the helper
ca-certificates       -           whom to trust when fetching by https
END
}

# What the tests take beyond that. The clang runtime's name has clang's version in it; see clang_runtime.
test_packages() {
	cat <<'END'
git                   git           the list of files that lint looks at
libcmocka-dev         -             unit tests
clang                 clang         the second compiler; sanitizers and fuzzing
clang-format          clang-format  the one way the code is laid out
strace                strace        kills the server at chosen system calls
python3               python3       lint and scripted peers
python3-aiosmtpd      -             a mail server
python3-mastodon      -             a client's library
toot                  toot          a client
openssl               openssl       certificates for peers on loopback
iproute2              ip            network namespaces
util-linux            unshare       namespaces
procps                ps            looks after started processes
nodejs                node          peers and clients written for Node.js
npm                   npm           fetches those
curl                  curl          plain requests
wrk                   wrk           load
binutils              readelf       how the program was linked
ffmpeg                ffmpeg        films and sounds; nodes that take them need it, too
END
}

say() {
	printf '%s\n' "autogen.sh: $*" >&2
}

die() {
	say "$@"
	exit 1
}

installed() {
	dpkg-query -W -f '${Status}\n' "$1" 2>/dev/null | grep -q ' installed$'
}

# Is any piece of "a|b" missing among the commands? "-" is no command.
has_commands() {
	[ "$1" != - ] || return 1
	for command in $(printf '%s' "$1" | tr '|' ' '); do
		command -v "$command" >/dev/null 2>&1 || return 1
	done
}

# Reads a list as above and prints the names of what is not there.
missing_of() {
	while read -r name commands _; do
		installed "$name" || has_commands "$commands" || printf '%s ' "$name"
	done
}

# libclang-rt-14-dev on Debian 12, libclang-rt-19-dev on Debian 13: the version that "clang" stands for.
clang_runtime() {
	version=$(apt-cache depends clang 2>/dev/null | sed -n 's/.*Depends: clang-\([0-9][0-9]*\)$/\1/p' | head -n 1)
	if [ -n "$version" ] && apt-cache show "libclang-rt-$version-dev" >/dev/null 2>&1; then
		printf '%s\n' "libclang-rt-$version-dev"
	fi
}

# Can clang link a program with its sanitizers?
clang_sanitizes() {
	probe=$(mktemp -d) || return 1
	echo 'int main(void) { return 0; }' >"$probe/probe.c"
	result=0
	clang -fsanitize=address,undefined -o "$probe/probe" "$probe/probe.c" >/dev/null 2>&1 || result=1
	rm -rf "$probe"
	return "$result"
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# Stops with a clear word when packages ($1) are wanted and cannot be installed from here.
require_installer() {
	command -v apt-get >/dev/null 2>&1 ||
		die "these are missing and there is no apt-get to install them: $1
Install what they contain by your system's own means (names are Debian's) and start again."
	[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null 2>&1 ||
		die "these packages are missing: $1
Neither root nor sudo is at hand. Have them installed as root:
  apt-get install --no-install-recommends $1"
}

apt_install() {
	# shellcheck disable=SC2086 # a list of names
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -q --no-install-recommends $1 </dev/null
}

apt_update() {
	[ -n "${apt_updated-}" ] || as_root apt-get update -q </dev/null || die "apt-get update failed"
	apt_updated=yes
}

install_packages() {
	missing=$1
	[ -n "$missing" ] || return 0
	if ! command -v dpkg-query >/dev/null 2>&1; then
		say "this is not Debian: looking for no packages; configure tells what is missing"
		return 0
	fi
	require_installer "$missing"
	say "installing Debian packages: $missing"
	apt_update
	apt_install "$missing" || die "apt-get could not install: $missing"
}

prepare_product() {
	install_packages "$(product_packages | missing_of)"
}

prepare_tests() {
	install_packages "$({ product_packages; test_packages; } | missing_of)"
	clang_sanitizes && return 0
	require_installer "the sanitizer runtime of clang (libclang-rt-*-dev)"
	apt_update
	runtime=$(clang_runtime)
	[ -n "$runtime" ] || die "no package with clang's sanitizer runtime is known to apt"
	install_packages "$runtime"
}

write_configure() {
	command -v autoreconf >/dev/null 2>&1 || die "autoreconf is missing: install autoconf and automake"
	mkdir -p "$top/build-aux"
	(cd "$top" && autoreconf -fi) || die "autoreconf failed"
}

# Configures ./build; the arguments are configure's. Done again only when they changed.
configure_build() {
	if [ ! -x "$top/configure" ] || [ "$top/configure.ac" -nt "$top/configure" ]; then
		write_configure
	fi
	mkdir -p "$top/build"
	cd "$top/build"
	if [ ! -f config.status ] || [ ../configure -nt config.status ] ||
		[ "$(cat configured-with 2>/dev/null)" != "$*" ]; then
		../configure -q "$@" || die "configure failed; build/config.log says why"
		printf '%s\n' "$*" >configured-with
	fi
	cd "$top"
}

case "${1-}" in
'')
	write_configure
	cat <<'END'

Next:
  mkdir -p build && cd build && ../configure && make
  make check        runs the unit tests (needs libcmocka-dev)
  make install      as root
Or let autogen.sh do it all: ./autogen.sh demo, ./autogen.sh check
END
	;;
demo)
	prepare_product
	configure_build
	make -s -C "$top/build" -j"$(nproc)" || die "the build failed"
	exec "$top/federation-tests/demo" "$top/build/fediflow"
	;;
check)
	prepare_tests
	if command -v ccache >/dev/null 2>&1; then
		configure_build --enable-werror CC='ccache gcc'
	else
		configure_build --enable-werror
	fi
	exec "$top/.ci/check" # builds too, and counts what fails
	;;
*)
	die "unknown argument \"$1\"; use none, \"demo\" or \"check\""
	;;
esac
