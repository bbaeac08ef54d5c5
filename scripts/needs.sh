# Sourced by ./run and ./test: what they need on the machine, and how it comes there. bash.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export HOME="${HOME:-/tmp}"

fail() {
    echo "$(basename -- "$0"): $*" >&2
    exit 1
}

need_dotnet() {
    command -v dotnet >/dev/null || fail "the .NET 10 SDK is needed: see https://dotnet.microsoft.com/download, or your system's package dotnet-sdk-10.0."
    dotnet --list-sdks | grep -q '^10\.' || fail "the .NET 10 SDK is needed; found only: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' ' -)."
}

# Server programs of version 15 or newer, on the PATH or in the usual places, as the gateway itself will look for them.
has_postgres() {
    local program folder major
    while IFS= read -r program; do
        [ -x "$program" ] || continue
        folder=$(dirname -- "$(readlink -f -- "$program" 2>/dev/null || echo "$program")")
        [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] || continue
        major=$("$program" --version 2>/dev/null | sed -n 's/.*(PostgreSQL) \([0-9]*\).*/\1/p')
        [ "${major:-0}" -ge 15 ] && return 0
    done < <(type -ap postgres; printf '%s\n' /usr/lib/postgresql/*/bin/postgres /opt/homebrew/opt/postgresql@*/bin/postgres \
        /usr/local/opt/postgresql@*/bin/postgres /Library/PostgreSQL/*/bin/postgres /usr/local/pgsql/bin/postgres /usr/pgsql-*/bin/postgres)
    return 1
}

# Installs Debian packages without making or starting any cluster or service; the machine's own policy is put back afterwards.
install_debian() {
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        # Without a terminal nobody can type a password.
        as_root=(sudo); [ -t 0 ] || as_root=(sudo -n)
    fi
    echo "Installing $* (no cluster or service is made or started) ..."
    local log
    log=$(mktemp)
    if ! "${as_root[@]}" bash -s -- "$@" >"$log" 2>&1 <<'ROOT'
set -eu
# One installation at a time, so that each puts back what it found.
exec 9>/run/lock/eligibility-gateway-install
flock -w 600 9
policy=/usr/sbin/policy-rc.d
kept=$policy.kept-by-eligibility-gateway
no_cluster=/etc/postgresql-common/createcluster.d/eligibility-gateway.conf
restore() {
    rm -f "$no_cluster" "$policy"
    [ ! -e "$kept" ] || mv -f "$kept" "$policy"
    rmdir --ignore-fail-on-non-empty /etc/postgresql-common/createcluster.d 2>/dev/null || true
}
trap restore EXIT
# A kept policy is there only if an earlier installation was killed.
if [ -e "$policy" ] && [ ! -e "$kept" ]; then mv "$policy" "$kept"; fi
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"
mkdir -p "$(dirname "$no_cluster")"
echo "create_main_cluster = false" >"$no_cluster"
export DEBIAN_FRONTEND=noninteractive
apt-get -q -o DPkg::Lock::Timeout=300 update
# The file above is read by way of the package's own createcluster.conf; a machine without that gets it with the package.
apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
ROOT
    then
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

can_install_debian() {
    command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; }; }
}

need_postgres() {
    has_postgres && return
    if can_install_debian; then
        install_debian postgresql || fail "postgresql could not be installed (see above)."
        has_postgres || fail "this system's PostgreSQL is older than 15: install a newer one, see https://www.postgresql.org/download/."
        return
    fi
    case "$(uname -s)" in
        Darwin) fail "PostgreSQL 15 or newer is needed: brew install postgresql@17" ;;
        *) fail "PostgreSQL 15 or newer is needed: install your system's package (Debian: sudo apt-get install postgresql) or put its bin folder on the PATH." ;;
    esac
}

# Python with gRPC, and a generator of its code with the protos that come with it.
has_python_grpc() {
    { python3 -c 'import grpc' || /usr/bin/python3 -c 'import grpc'; } &&
        { python3 -c 'import grpc_tools' || { command -v grpc_python_plugin && protoc google/protobuf/any.proto -o /dev/null; }; }
} >/dev/null 2>&1

# Restores and builds, and says which it is at; the log is shown only on failure. Two builds in one clone take turns. No build server is
# left running.
build() {
    local log configuration=$1
    shift
    log=$(mktemp)
    mkdir -p .data
    (
        if command -v flock >/dev/null && ! flock -n 9; then
            echo "Waiting for another build in this folder ..."
            flock -w 900 9 || fail "another build in this folder does not end."
        fi
        for project in "$@"; do
            step "Restoring packages of $project" "$log" dotnet restore "$project"
            step "Building $project" "$log" dotnet build "$project" -c "$configuration" --no-restore -p:UseSharedCompilation=false
        done
    ) 9>>.data/build.lock || { cat "$log" >&2; rm -f "$log"; fail "the build failed (see above)."; }
    rm -f "$log"
}

# One step of a build: said before it begins, and how long it took once it is done.
step() {
    local what=$1 log=$2 began=$SECONDS
    echo "$what ..."
    "${@:3}" -v q -nodeReuse:false </dev/null >"$log" 2>&1 9>&- || exit 1
    echo "$what: $((SECONDS - began)) s"
}
