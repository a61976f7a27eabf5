#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The same in sh: change `command` in plugin.toml to ["./export.sh"]. Options and places come as variables, too; in the
# request every value has a line of its own.
set -eu
name=${BIO_OUTPUT_NAME:-@NAME@.txt}
request=$(cat)
case $BIO_OPTION_HEADING in
*'
'*)
    echo '{"error": {"message": "the heading has more than one line", "hint": "leave the newline out",'
    echo ' "subject_kind": "option", "subject": "heading"}}'
    exit 2
    ;;
esac
if [ "$BIO_PHASE" = run ]; then
    {
        printf '%s\n' "$BIO_OPTION_HEADING"
        printf '%s\n' "$request" | sed -n 's/^ *"ident": "\(.*\)",$/\1/p'
    } >"$BIO_OUT_DIR/$name"
fi
printf '{"artifacts": [{"path": "%s", "kind": "package-list", "media_type": "text/plain"}]}\n' "$name"
