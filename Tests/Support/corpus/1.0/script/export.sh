#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Keeps the request, and refuses --word no.
set -eu
if [ "$BIO_OPTION_WORD" = no ]; then
    echo '{"error": {"message": "no is no answer", "hint": "say yes", "subject_kind": "option", "subject": "word"}}'
    exit 2
fi
echo "in $BIO_PHASE" >&2
[ "$BIO_PHASE" != run ] || cat >"$BIO_OUT_DIR/request.json"
echo '{"artifacts": [{"path": "request.json", "kind": "note", "media_type": "application/json"}]}'
