// SPDX-License-Identifier: Apache-2.0

/// The shells that completions are made for. A script asks the program at every Tab (`bio __complete`), so that what it
/// offers is what the tables, the plugins and the store hold at that moment.
package enum Shell: String, CaseIterable, Hashable, Sendable {
    case bash, zsh, fish

    /// Where a system keeps the script, below the prefix.
    package var path: String {
        switch self {
        case .bash: "share/bash-completion/completions/bio"
        case .zsh: "share/zsh/site-functions/_bio"
        case .fish: "share/fish/vendor_completions.d/bio.fish"
        }
    }

    package var script: String {
        switch self {
        case .bash: Self.bashScript
        case .zsh: Self.zshScript
        case .fish: Self.fishScript
        }
    }

    /// The words of the line as bash holds them are quoted and torn at word breaks, so the line itself is passed on.
    private static let bashScript = #"""
        # SPDX-License-Identifier: Apache-2.0
        # bash completion for bio; made by 'bio cli completers --shell bash'
        _bio() {
            local line=${COMP_LINE-} program=${COMP_WORDS[0]//\\/} kind
            if [[ -n $line ]]; then line=${line:0:COMP_POINT}; else line="${COMP_WORDS[*]:0:COMP_CWORD+1}"; fi
            [[ $program != "~/"* ]] || program=$HOME/${program:2}
            type -P -- "$program" >/dev/null || program=bio
            mapfile -t COMPREPLY < <("$program" __complete bash -- "$COMP_WORDBREAKS" "$line" 2>/dev/null)
            kind=${COMPREPLY[0]-}
            COMPREPLY=("${COMPREPLY[@]:1}")
            case $kind in
                files) compopt -o filenames 2>/dev/null ;;
                default) compopt -o default 2>/dev/null ;;
            esac
            return 0
        }
        complete -F _bio bio

        """#

    private static let zshScript = #"""
        #compdef bio
        # SPDX-License-Identifier: Apache-2.0
        # zsh completion for bio; made by 'bio cli completers --shell zsh'
        _bio() {
            local program=${(Q)words[1]} line kind lead result=1
            local -a before lines values
            program=${program/#\~\//$HOME/}
            (( $+commands[$program] )) || [[ -x $program ]] || program=bio
            (( CURRENT > 2 )) && before=("${(@Q)words[2,CURRENT-1]}")
            lines=("${(@f)$("$program" __complete zsh -- "${before[@]}" "${(Q)PREFIX}" 2>/dev/null)}")
            kind=${lines[1]%%$'\t'*}
            lead=${lines[1]#*$'\t'}
            for line in "${(@)lines[2,-1]}"; do
                [[ -z $line ]] || values+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
            done
            [[ -z $lead ]] || compset -P "${(b)lead}"
            (( $#values )) && _describe -t values value values && result=0
            case $kind in
                any) _files && result=0 ;;
                directories) _files -/ && result=0 ;;
                artifacts) _files -g '*.[hb]art(-.)' && result=0 ;;
            esac
            return result
        }
        if [[ $funcstack[1] == _bio ]]; then _bio "$@"; else compdef _bio bio; fi

        """#

    private static let fishScript = #"""
        # SPDX-License-Identifier: Apache-2.0
        # fish completion for bio; made by 'bio cli completers --shell fish'
        function __bio_candidates
            set -l words (commandline -opc)
            set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
            type -q -- $program; or set program bio
            type -q -- $program; or return
            command $program __complete fish -- $words[2..-1] (commandline -ct) 2>/dev/null
        end
        complete -c bio -f -a '(__bio_candidates)'

        """#
}
