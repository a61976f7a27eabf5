#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs what the commands of the README need on a Debian 12 that has only the Swift toolchain.
#
#   install-tools.sh build|demo|test|bench ...     installs what is missing of these lists, as root or through sudo
#   install-tools.sh --list LIST ...         prints the packages of the lists

set -euo pipefail

# Headers and libraries the build links, or looks into at compile time and binds at run time (libarchive, libcrypto,
# libcurl, libyaml, libffi); and what the base packages are made of and with (Core/Packages).
build=(
    make git g++ libc6-dev
    libarchive-dev libcurl4-openssl-dev libdeflate-dev libffi-dev libisal-dev liblzma-dev libsodium-dev libssl-dev
    libtomlplusplus-dev libyaml-dev libzstd-dev
    busybox ca-certificates jq patchelf xz-utils
)
# What makes a closure out of Debian packages and runs it.
demo=(apt dpkg patchelf python3 tar gzip util-linux xz-utils)
# The tools that judge what the program writes.
test=(
    "${demo[@]}" abigail-tools appc-spec bash binutils busybox cargo crun curl docker.io docker-registry faketime fish
    gnupg golang-go graphviz handlebars iptables jq libarchive-tools librsvg2-bin man-db mandoc mount nodejs openssl
    perl-base podman python3-jsonschema python3-pip python3-yaml runc rustc skopeo strace umoci zsh zstd
)
# What measures, and what is measured against.
bench=(
    buildah docker.io docker-registry gzip handlebars hyperfine iptables jq libarchive-tools nodejs pigz python3 runc
    skopeo strace tar umoci xz-utils zstd
)

fail() {
    printf 'install-tools: error: %s\n' "$1" >&2
    [ $# -lt 2 ] || printf '  hint: %s\n' "$2" >&2
    exit 1
}

list_only=
[ "${1:-}" != --list ] || { list_only=yes; shift; }
[ $# -gt 0 ] || fail "no list named" "install-tools.sh build | demo | test | bench"

wanted=()
for list in "$@"; do
    case $list in
        build) wanted+=("${build[@]}") ;;
        demo) wanted+=("${demo[@]}") ;;
        test) wanted+=("${test[@]}") ;;
        bench) wanted+=("${bench[@]}") ;;
        *) fail "there is no list '$list'" "the lists are build, demo, test and bench" ;;
    esac
done

if [ -n "$list_only" ]; then
    printf '%s\n' "${wanted[@]}" | sort -u
    exit 0
fi

command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    fail "this is not a Debian system (no dpkg-query, no apt-get)" "install by hand what corresponds to: ${wanted[*]}"

# One query for all; a package counts when it is installed, not when it was removed and left its configuration.
installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null || true)
missing=()
for package in "${wanted[@]}"; do
    case " ${missing[*]-} " in *" $package "*) continue ;; esac
    grep -qxF "installed $package" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null ||
        fail "these packages are missing, and only root can install them: ${missing[*]}" \
            "as root: apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo)
fi

# `env` because sudo passes no environment on; nobody may be asked anything in the middle of a build.
apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" >&2
}
install_missing() { apt install -y --no-install-recommends "${missing[@]}"; }

printf 'installing %s\n' "${missing[*]}" >&2
known=$(LC_ALL=C.UTF-8 apt-cache policy "${missing[@]}" 2>/dev/null | grep -c '^  Candidate: [^(]' || true)
# Package lists are fetched when there are none, or when they are so old that what they name is gone.
if [ "$known" -lt ${#missing[@]} ] || ! install_missing; then
    apt update || fail "cannot fetch Debian's package lists" "check the network and the sources in /etc/apt"
    install_missing || fail "cannot install ${missing[*]}" "the lines above, from apt, say why"
fi
