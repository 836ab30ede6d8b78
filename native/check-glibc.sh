#!/bin/sh
# Fails, naming the symbol, when a library needs a glibc newer than 2.28, the oldest that Node's own binaries run on.
#   native/check-glibc.sh FILE...
floor=2.28
status=0
for file in "$@"; do
    table=$(readelf --dyn-syms --wide "$file") || exit 2
    newer=$(printf '%s\n' "$table" | awk -v floor="$floor" '
        function beyond(version,    a, b) {
            split(version, a, "."); split(floor, b, ".")
            return a[1] + 0 > b[1] + 0 || (a[1] + 0 == b[1] + 0 && a[2] + 0 > b[2] + 0)
        }
        $7 != "UND" { next }
        { at = index($8, "@"); name = at ? substr($8, 1, at - 1) : $8 }
        match($8, /GLIBC_[0-9.]+/) {
            if (beyond(substr($8, RSTART + 6, RLENGTH - 6))) print name, substr($8, RSTART, RLENGTH)
        }
        $8 ~ /(GLIBCXX|CXXABI)_/ { print name, "(the C++ library)" }')
    if [ -n "$newer" ]; then
        printf '%s\n' "$newer" | while read -r symbol version; do
            echo "check-glibc: $file needs $symbol of $version, newer than GLIBC_$floor" >&2
        done
        status=1
    fi
done
exit $status
