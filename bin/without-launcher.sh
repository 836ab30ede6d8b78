# Read by bin/prefork-interp where the package has no launcher for this machine: takes its options off the command line, as
# native/launcher/options.c does, and executes the interpreter, which runs the script as if we were not there. It never returns.

pfi_fail() {
    printf '%s\n' "prefork-interp: $1" >&2
    exit 127
}

# Takes the next piece off the one word: up to a space, or if it has none, to a comma.
pfi_split() {
    pfi_rest=${pfi_rest#"${pfi_rest%%[! ]*}"}
    case $pfi_rest in
    *' '*) pfi_separator=' ' ;;
    *,*) pfi_separator=, ;;
    *)
        pfi_word=$pfi_rest pfi_rest=
        return
        ;;
    esac
    pfi_word=${pfi_rest%%"$pfi_separator"*}
    pfi_rest=${pfi_rest#*"$pfi_separator"}
    case $pfi_rest in *[!\ ]*) ;; *) pfi_rest= ;; esac
}

# A cluster of letters. E, G and g have the rest of it as their value; where there is none, it is the next word.
pfi_letters() {
    pfi_cluster=${1#-}
    while [ -n "$pfi_cluster" ]; do
        pfi_letter=${pfi_cluster%"${pfi_cluster#?}"}
        pfi_cluster=${pfi_cluster#?}
        case $pfi_letter in
        U) pfi_unlaundered=1 ;;
        C | f) ;;
        E | G | g)
            [ -n "$pfi_cluster" ] || pfi_wanting=$pfi_letter
            return
            ;;
        *) pfi_fail "unknown option -$pfi_letter (see --help)" ;;
        esac
    done
}

pfi_version() {
    while read -r pfi_key pfi_value; do
        [ "$pfi_key" = '"version":' ] || continue
        pfi_value=${pfi_value#\"}
        printf '%s\n' "prefork-interp ${pfi_value%%\"*}"
        exit 0
    done <"$pfi_package/package.json"
}

pfi_help() {
    printf '%s\n' 'usage: prefork-interp [option ...] interpreter [argument ...] script [argument ...]' \
        'There is no launcher for this machine: the interpreter runs the script plainly, whatever the options.' \
        "They are explained in $pfi_package/docs/man/prefork-interp.1"
    exit 0
}

pfi_one_word= pfi_rest= pfi_separator=' ' pfi_wanting= pfi_unlaundered= pfi_action= pfi_found=
case ${1-} in
-*[\ ,]*)
    pfi_one_word=1 pfi_rest=$1
    shift
    ;;
esac
while [ -z "$pfi_found" ]; do
    if [ -n "$pfi_rest" ]; then
        pfi_split
    elif [ $# -gt 0 ]; then
        pfi_word=$1
        shift
    else
        break
    fi
    case $pfi_wanting in
    '') ;;
    --)
        pfi_found=1
        continue
        ;;
    *)
        pfi_wanting=
        continue
        ;;
    esac
    case $pfi_word in
    --) pfi_wanting=-- ;;
    --kill) pfi_action=kill ;;
    --explain | --explain=*) pfi_action=explain ;;
    --help) pfi_help ;;
    --version) pfi_version ;;
    --*) pfi_fail "unknown option $pfi_word (see --help)" ;;
    -?*) pfi_letters "$pfi_word" ;;
    *) pfi_found=1 ;;
    esac
done
case $pfi_wanting in '' | --) ;; *) pfi_fail "option -$pfi_wanting needs a value (see --help)" ;; esac
[ -n "$pfi_unlaundered" ] || pfi_fail 'a way to mediate is required: -U (see --help)'
[ -n "$pfi_found" ] || pfi_fail 'no interpreter given (see --help)'
case $pfi_action in
kill) exit 0 ;; # There is no server.
explain) pfi_fail 'there is no launcher for this machine, and so no server to explain' ;;
esac

# In one word, what follows the interpreter is split at what ended the interpreter; empty pieces count for nothing.
if [ -n "$pfi_one_word" ]; then
    [ $# -gt 0 ] || pfi_fail "no script after $pfi_word (see --help)"
    while case $pfi_rest in *,,*) ;; *) false ;; esac; do
        [ "$pfi_separator" = , ] || break
        pfi_rest=${pfi_rest%%,,*},${pfi_rest#*,,}
    done
    [ "$pfi_separator" = ' ' ] || pfi_rest=${pfi_rest#,}
    pfi_saved=$IFS
    IFS=$pfi_separator
    set -f
    set -- $pfi_rest "$@"
    IFS=$pfi_saved
fi
command -v "$pfi_word" >/dev/null 2>&1 || pfi_fail "cannot run the interpreter, $pfi_word: it was not found"
case ${PREFORK_INTERP_DEBUG-} in
'' | 0) ;;
*)
    for pfi_script; do
        case $pfi_script in -?*) ;; *) break ;; esac
    done
    pfi_why="there is no launcher for this machine in $pfi_package/prebuilds"
    printf '%s\n' "prefork-interp: running ${pfi_script-} plainly: $pfi_why" >&2
    ;;
esac
exec "$pfi_word" "$@"
