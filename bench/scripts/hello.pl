# hello.mjs with Debian's launcher and its library.
use strict;
use warnings;
use Proc::Prefork::Interp;

prefork_initialisation_complete(idle_timeout => 600, max_servers => -1, log_facility => '');
# The library's monitor sends SIGINT as soon as this process closes its files on its way out.
$SIG{INT} = 'IGNORE';
print "hello\n";
