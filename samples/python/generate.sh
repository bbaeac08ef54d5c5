#!/bin/sh
# Generates the client's code into OUT: ./generate.sh [PROTOS] [OUT]. By grpcio-tools where python3 has it, else by protoc.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
protos=${1:-$here/../../src/Contracts/Protos}
out=${2:-$here/generated}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$protos"
if python3 -c 'import grpc_tools' 2>/dev/null; then
    python3 -m grpc_tools.protoc -I . --python_out="$out" --grpc_python_out="$out" eligibility/v1/*.proto google/*/*.proto
else
    protoc -I . --python_out="$out" --grpc_python_out="$out" --plugin=protoc-gen-grpc_python="$(command -v grpc_python_plugin)" eligibility/v1/*.proto google/*/*.proto
fi
