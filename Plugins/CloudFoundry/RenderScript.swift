// SPDX-License-Identifier: Apache-2.0

import ServiceRoot

/// `/cf-render.sh`: prints the mapping with its holes filled. All of it is for any POSIX shell, busybox's above all.
enum RenderScript {
    /// - Parameters:
    ///   - shell: absolute path of a POSIX shell.
    ///   - jq: absolute path of jq. What lies beside it can be called, too, if nothing else is called so.
    static func text(shell: String, jq: String) -> String {
        let directory = jq.split(separator: "/").dropLast().map { "/\($0)" }.joined()
        return """
            #!\(shell)
            export PATH="${PATH:-/bin}":\(ShellWord.quoted(directory))
            cf_jq=\(ShellWord.quoted(jq))

            """ + functions + ". /cf-mapping.sh\n"
    }

    private static let functions = #"""

        # ---- What a mapping may call ----

        # service NAME [PATH]: what the jq path finds in the bound service of that name; without one, all of it.
        service() {
            cf_need 'the name of a service' "$1" || return
            cf_bound=$(services) || return
            cf_find "$cf_bound" "[.[]?[]? | select(.name? == \$name)] as \$found
                | if (\$found | length) == 1 then \$found[0]
                  else [.[]?[]?.name?] | join(\", \") as \$all
                    | error(\"\(\$found | length) services are called '\(\$name)'; bound: \(\$all)\") end" \
                "${2:-.}" "$1"
        }

        # services [PATH]: the same in VCAP_SERVICES, which may be in a file.
        services() {
            if [ -n "$VCAP_SERVICES_FILE_PATH" ]; then
                cf_text=$(cat "$VCAP_SERVICES_FILE_PATH") || return
            else
                cf_text=$VCAP_SERVICES
            fi
            cf_need VCAP_SERVICES "$cf_text" && cf_find "$cf_text" . "$1"
        }

        # application [PATH]: the same in VCAP_APPLICATION.
        application() { cf_need VCAP_APPLICATION "$VCAP_APPLICATION" && cf_find "$VCAP_APPLICATION" . "$1"; }

        # port: where the application is to listen.
        port() { cf_need PORT "$PORT" && printf '%s\n' "$PORT"; }

        # cf_need WHAT TEXT: fails when there is none.
        cf_need() { [ -n "$2" ] || { printf '%s is missing\n' "$1" >&2; return 1; }; }

        # cf_find JSON PLACE [PATH [NAME]]: what the jq path finds at a place: something, and something that a shell can
        # hold; without a path, the JSON itself. What jq says of values is not for the logs of a platform. The `try` of
        # jq 1.6 catches what is wrong behind it, too, unless it stands in brackets.
        cf_find() {
            if [ -z "$3" ]; then printf '%s\n' "$1"; return; fi
            printf '%s\n' "$1" | "$cf_jq" -Rrs --arg name "$4" "
                ([try [fromjson] catch null][0] // error(\"it is not JSON\"))[0] | $2 | [try [$3
                ] catch null][0] // error(\"the path does not fit what is there\")
                | if length == 0 or any(. == null) then error(\"there is nothing at this path\") else .[] end
                | if type == \"string\" and (explode | any(. == 0)) then error(\"U+0000 is in it\") else . end
                | if $cf_loses and any(.. | numbers; . > 9007199254740991 or . < -9007199254740991)
                  then error(\"this jq loses digits of so large a number, 1.7 does not\") else . end"
        }

        cf_loses=$("$cf_jq" -n '9007199254740993 | tojson != "9007199254740993"')

        # ---- What a mapping is made of ----

        cf_copy() { printf '%s' "$1"; }

        # cf_quoted LINE HOLE: what the hole stands for, as it is written between double quotes.
        cf_quoted() {
            cf_fill "$@"
            cf_json=$(printf '%s' "$cf_value" | "$cf_jq" -Rs .) || cf_stop "$1" "$2" 'jq cannot read it'
            case $cf_json in
            *"$cf_unreadable"*)
                [ "$(printf '%s' "$cf_json" | "$cf_jq" -j .; echo .)" = "$cf_value." ] ||
                    cf_stop "$1" "$2" 'it is not UTF-8' ;;
            esac
            cf_json=${cf_json#\"}
            cf_json=${cf_json%\"}
            # TOML wants an escape here, and older versions of jq write none.
            while :; do
                case $cf_json in
                *"$cf_delete"*) cf_json=${cf_json%%"$cf_delete"*}\\u007F${cf_json#*"$cf_delete"} ;;
                *) break ;;
                esac
            done
            printf '%s' "$cf_json"
        }

        cf_unreadable=$(printf '\357\277\275')
        cf_delete=$(printf '\177')

        # cf_bare LINE HOLE: the same without quotes, where only a number or a boolean may stand.
        cf_bare() {
            cf_fill "$@"
            case $cf_value in
            true | false) ;;
            *)
                cf_is_number "$cf_value" ||
                    cf_stop "$1" "$2" 'it is no number, true or false, and stands without quotes' ;;
            esac
            printf '%s' "$cf_value"
        }

        # cf_fill LINE HOLE: sets cf_value. The dot keeps line ends that the value may end with.
        cf_fill() {
            cf_value=$(eval "cf_hole=$2" < /dev/null && printf '%s.' "$cf_hole") || cf_stop "$1" "$2" "it ended with $?"
            cf_value=${cf_value%.}
        }

        # What TOML calls a number: decimal, within 64 bits, no zeros before it.
        cf_is_number() {
            cf_rest=${1#[+-]}
            cf_whole=${cf_rest%%[!0-9]*}
            cf_rest=${cf_rest#"$cf_whole"}
            case $cf_whole in '' | 0?*) return 1 ;; esac
            case $cf_rest in
            '')
                [ "$1" = -9223372036854775808 ] || cf_fits "$cf_whole"
                return ;;
            .*)
                cf_rest=${cf_rest#.}
                case $cf_rest in [0-9]*) cf_rest=${cf_rest#"${cf_rest%%[!0-9]*}"} ;; *) return 1 ;; esac ;;
            esac
            case $cf_rest in
            '') ;;
            [eE]*)
                cf_rest=${cf_rest#?}
                cf_rest=${cf_rest#[+-]}
                case $cf_rest in '' | *[!0-9]* | ????*) return 1 ;; esac
                [ "$cf_rest" -le 280 ] || return ;;
            *) return 1 ;;
            esac
            [ ${#cf_whole} -le 19 ]
        }

        # Whether digits are at most 9223372036854775807.
        cf_fits() {
            [ ${#1} -lt 19 ] && return
            [ ${#1} -eq 19 ] || return
            cf_high=${1%??????????}
            [ "$cf_high" -lt 922337203 ] || { [ "$cf_high" -eq 922337203 ] && [ "${1#?????????}" -le 6854775807 ]; }
        }

        # cf_stop LINE HOLE WHY
        cf_stop() {
            printf 'cf: line %s of the mapping: %s: %s\n' "$1" "$2" "$3" >&2
            exit 1
        }

        """#
}
