# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# Real servers for the lab: Debian's rpcbind, ypserv, dcmtk and some others,
# each in a network and mount namespace of its own, so that gantry meets
# programs its authors did not write. A bash library; source it.
#
#   servers_fetch [PACKAGE...]  unpack packages under build/servers/root
#   servers_up DIR              make the namespaces; DIR keeps logs and state
#   servers_start NAME NETNS    run one server; returns when it listens
#   servers_in NETNS COMMAND... run a client there, packages' programs first
#   servers_stop                end every server started, by pid
#   servers_down                servers_stop, then take the namespaces away
#
# Each returns 0, or 1 after one line of reason on stderr; none of them exits.
# Call them in the shell itself: a server started in $(...) ends with it.
# NETNS is one of servers_scan, servers_nis, servers_dcm, servers_aet,
# servers_pacs and servers_misc, set by servers_up.
#
#   scan 10.77.0.1 --+-- switch --+-- nis  10.77.0.10  rpcbind, ypserv
#                                 +-- dcm  10.77.0.11  storescp
#                                 +-- aet  10.77.0.12  dcmqrscp
#                                 +-- pacs 10.77.0.13  orthanc
#                                 +-- misc 10.77.0.14  vsftpd, telnetd, ...
#
# One namespace per address, because most of these servers listen on every
# address they find, and because a scanner merges what shares a MAC. Nothing
# has a default route and the switch has no way out, so not even a broadcast
# leaves. Nothing is installed: packages are unpacked, run by path, and see
# their own /etc, /run and /var; the machine's stay as they are.
#
# Needs root, iproute2, util-linux, ethtool, apt-get and dpkg-deb.

servers_lab=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
servers_cache=${SERVERS_CACHE:-$(cd "$servers_lab/../.." && pwd)/build/servers}
servers_must="rpcbind ypserv dcmtk"
# shellcheck disable=SC2034 # for whoever sources this
servers_more="orthanc vsftpd inetutils-inetd inetutils-telnetd snmpd nginx"
servers_pids=()
servers_made=()

servers_say() {
	echo "servers: $*" >&2
	return 1
}

# Getting the packages.

# Names, with version, of a package and all that is missing here to run it.
# A package that is installed already is not in apt's plan, so it is added.
servers_plan() {
	local plan
	plan=$(LC_ALL=C timeout 60 apt-get -qq -s --no-install-recommends \
	    install "$@" 2>/dev/null) || return 1
	{
		sed -n 's/^Inst \([^ ]*\) \(\[[^]]*\] \)\{0,1\}(\([^ ]*\) .*/\1=\3/p' \
		    <<<"$plan"
		printf '%s\n' "$@"
	} | LC_ALL=C sort -t= -k1,1 -u
}

servers_download() {
	local plan
	plan=$(servers_plan "$@") || return 1
	rm -rf "$servers_cache/debs"
	mkdir -p "$servers_cache/debs" "$servers_cache/root"
	(
		cd "$servers_cache/debs" || exit 1
		# shellcheck disable=SC2086 # one word per package
		timeout 300 apt-get -qq -o APT::Sandbox::User=root \
		    -o Acquire::Retries=1 -o Acquire::http::Timeout=20 \
		    -o Acquire::https::Timeout=20 download $plan \
		    >"$servers_cache/fetch.log" 2>&1
	)
}

servers_unpack() {
	local deb
	for deb in "$servers_cache"/debs/*.deb; do
		dpkg-deb -x "$deb" "$servers_cache/root" || return 1
	done
	rm -rf "$servers_cache/debs"
}

# A machine without package lists, or with old ones, gets one update.
servers_fetch_one() {
	[ ! -e "$servers_cache/have/$1" ] || return 0
	servers_download "$1" || {
		timeout 120 apt-get -qq update >"$servers_cache/fetch.log" 2>&1
		servers_download "$1"
	} || servers_say "cannot download $1" \
	    "(see $servers_cache/fetch.log)" || return 1
	servers_unpack || servers_say "cannot unpack $1" || return 1
	touch "$servers_cache/have/$1"
}

servers_fetch() {
	local tool package
	# shellcheck disable=SC2086 # a list of words
	[ $# -gt 0 ] || set -- $servers_must
	for tool in apt-get dpkg-deb flock timeout; do
		command -v $tool >/dev/null ||
		    servers_say "no $tool here" || return 1
	done
	mkdir -p "$servers_cache/have" ||
	    servers_say "cannot write $servers_cache" || return 1
	(
		flock -w 400 9 || servers_say "another fetch hangs" || exit 1
		for package; do
			servers_fetch_one "$package" || exit 1
		done
	) 9>"$servers_cache/lock"
}

# What ld.so must be told about: libraries that are only in the cache.
servers_libraries() {
	local dir path=
	for dir in "$servers_cache"/root/usr/lib/*-linux-gnu* \
	    "$servers_cache"/root/lib/*-linux-gnu*; do
		[ ! -d "$dir" ] || path=$path:$1${dir#"$servers_cache/root"}
	done
	echo "${path#:}"
}

# The network.

servers_add() {
	ip netns add "$1" || return 1
	servers_made+=("$1")
	# shellcheck disable=SC2016 # for the inner shell
	ip netns exec "$1" sh -c 'f=/proc/sys/net/ipv6/conf
		for i in all default; do
			[ ! -e $f/$i ] || echo 1 >$f/$i/disable_ipv6
		done'
	ip -n "$1" link set lo up
}

# One host behind the switch. Checksums are made in software on both ends,
# else a capture shows half-made ones and every reader complains.
servers_host() {
	local netns=$1 last=$2
	servers_add "$netns" &&
	    ip -n "$servers_switch" link add "p$last" type veth \
		peer name eth0 netns "$netns" &&
	    ip -n "$servers_switch" link set "p$last" master br0 up &&
	    ip -n "$netns" link set eth0 \
		address "02:00:0a:4d:00:$(printf %02x "$last")" up &&
	    ip -n "$netns" address add "10.77.0.$last/24" \
		broadcast 10.77.0.255 dev eth0 &&
	    ip netns exec "$netns" ethtool -K eth0 tx off >/dev/null &&
	    ip netns exec "$servers_switch" \
		ethtool -K "p$last" tx off >/dev/null
}

# Take one namespace away with whatever runs in it: nobody else uses it.
servers_drop() {
	local pid
	for pid in $(ip netns pids "$1" 2>/dev/null); do
		kill -KILL "$pid" 2>/dev/null
	done
	ip netns delete "$1" 2>/dev/null
}

# What a killed run has left: namespaces that bear the pid of no process.
servers_sweep() {
	local netns pid
	for netns in $(ip netns list | sed -n 's/^\(gsv-[0-9]*-[a-z]*\).*/\1/p'); do
		pid=${netns#gsv-}
		[ -e "/proc/${pid%%-*}" ] || servers_drop "$netns"
	done
}

servers_up() {
	local tool base=gsv-$$
	for tool in ip ethtool unshare setpriv ss; do
		command -v $tool >/dev/null ||
		    servers_say "no $tool here" || return 1
	done
	servers_sweep
	servers_dir=$(mkdir -p "$1" && cd "$1" && pwd) || return 1
	servers_switch=$base-switch
	servers_scan=$base-scan
	servers_nis=$base-nis
	servers_dcm=$base-dcm
	servers_aet=$base-aet
	servers_pacs=$base-pacs
	servers_misc=$base-misc
	servers_add "$servers_switch" &&
	    ip -n "$servers_switch" link add br0 type bridge stp_state 0 &&
	    ip -n "$servers_switch" link set br0 up &&
	    servers_host "$servers_scan" 1 &&
	    servers_host "$servers_nis" 10 &&
	    servers_host "$servers_dcm" 11 &&
	    servers_host "$servers_aet" 12 &&
	    servers_host "$servers_pacs" 13 &&
	    servers_host "$servers_misc" 14 ||
	    servers_say "cannot make the namespaces" || return 1
}

servers_in() {
	local netns=$1 root=$servers_cache/root
	shift
	ip netns exec "$netns" env \
	    LD_LIBRARY_PATH="$(servers_libraries "$root")" \
	    DCMDICTPATH="$(echo "$root"/usr/share/libdcmtk*/dicom.dic)" \
	    PATH="$root/usr/bin:$root/usr/sbin:$root/bin:$root/sbin:$PATH" \
	    "$@"
}

# Running a server.

# Runs inside the new mount namespace and becomes the server. What it may see
# is laid out in a tmpfs first, then bound over /etc, /run and /var:
#   /mnt/pkg  the unpacked packages    /mnt/lab    this directory, *.conf
#   /mnt/dir  this server's own files  /mnt/host   shared by a host's servers
servers_room() {
	local pkg=$1 lab=$2 dir=$3 host=$4 file
	shift 4
	set -e
	mount --make-rprivate /
	mount -t tmpfs -o mode=755 tmpfs /mnt
	mkdir -p /mnt/pkg /mnt/lab /mnt/dir /mnt/host /mnt/etc /mnt/var
	mount --bind "$pkg" /mnt/pkg
	mount --bind "$lab" /mnt/lab
	mount --bind "$dir" /mnt/dir
	mount --bind "$host" /mnt/host
	for file in netconfig rpc services protocols \
	    bindresvport.blacklist; do
		cp "/etc/$file" /mnt/etc/ 2>/dev/null ||
		    cp "/mnt/pkg/etc/$file" /mnt/etc/ 2>/dev/null || :
	done
	cp /etc/ld.so.cache /mnt/etc/ 2>/dev/null || :
	cp /mnt/lab/passwd.conf /mnt/etc/passwd
	cp /mnt/lab/group.conf /mnt/etc/group
	cp /mnt/lab/nsswitch.conf /mnt/etc/nsswitch.conf
	echo 127.0.0.1 localhost >/mnt/etc/hosts
	mount --bind /mnt/etc /etc
	mount --bind /mnt/host /run
	mount --bind /mnt/var /var
	mkdir -p /run/rpcbind /run/lock /var/log /var/empty
	ln -s /run /var/run
	cd /
	set +e
	# shellcheck disable=SC2154 # from servers_spawn, through env
	eval "$servers_before"
	exec "$@"
}

# servers_spawn NAME NETNS PREPARATION COMMAND...: log in DIR/NAME.log, pid
# kept. Every step from here to the server is an exec, so the pid is its own.
# A server that keeps its user dies with this shell even if that is killed.
servers_spawn() {
	local name=$1 netns=$2 before=$3 dict
	shift 3
	mkdir -p "$servers_dir/$name" "$servers_dir/run-$netns"
	dict=$(cd "$servers_cache/root" && echo usr/share/libdcmtk*/dicom.dic)
	ip netns exec "$netns" setpriv --pdeathsig KILL \
	    unshare --mount --uts --ipc env servers_before="$before" \
	    LD_LIBRARY_PATH="$(servers_libraries /mnt/pkg)" \
	    DCMDICTPATH="/mnt/pkg/$dict" \
	    bash -c "$(declare -f servers_room); servers_room \"\$@\"" room \
	    "$servers_cache/root" "$servers_lab" "$servers_dir/$name" \
	    "$servers_dir/run-$netns" "$@" \
	    </dev/null >"$servers_dir/$name.log" 2>&1 &
	servers_pid=$!
	disown "$servers_pid"
	servers_pids+=("$servers_pid")
	echo "$servers_pid" >"$servers_dir/$name.pid"
}

# servers_wait NAME NETNS FILTER...: until a socket as FILTER says is there.
# The kernel's table is read; nothing is sent, so no log shows a stranger.
servers_wait() {
	local name=$1 netns=$2 try
	shift 2
	for try in $(seq 100); do
		kill -0 "$servers_pid" 2>/dev/null ||
		    servers_say "$name ended: $(tail -n 1 \
			"$servers_dir/$name.log")" || return 1
		[ -z "$(ip netns exec "$netns" ss -Hln "$@")" ] || return 0
		sleep 0.1
	done
	servers_say "$name does not listen after $((try / 10)) s"
}

server_rpcbind() {
	servers_spawn rpcbind "$1" "hostname nis" \
	    /mnt/pkg/sbin/rpcbind -f -w &&
	    servers_wait rpcbind "$1" -t 'sport = :111'
}

# The domain has one map, of one invented host: enough that ypserv serves it.
# -d keeps it in the foreground and logs each call by name. It listens for
# IPv6 last, on a port of its own, where the kernel has any. Its ports come
# from its process id: where one of them belongs to another protocol, which
# gantry would speak there, or never does, it is started once more.
server_ypserv() {
	local own='sport = :631 or sport = :990 or sport = :993 or sport = :995'
	ypserv_start "$1" || return 1
	[ -n "$(ip netns exec "$1" ss -Hlntu "$own")" ] || return 0
	kill "$servers_pid"
	while kill -0 "$servers_pid" 2>/dev/null; do
		sleep 0.1
	done
	unset 'servers_pids[-1]'
	ypserv_start "$1"
}

ypserv_start() {
	local reserved='sport >= :600 and sport < :1024'
	servers_spawn ypserv "$1" "hostname nis
		cp /mnt/lab/ypserv.conf /etc/ypserv.conf
		mkdir -p /var/yp/radiology
		cp /mnt/lab/securenets.conf /var/yp/securenets
		printf '10.77.0.99 ct99\n' |
		    /mnt/pkg/usr/lib/yp/makedbm -m nis - \
			/var/yp/radiology/hosts.byname" \
	    /mnt/pkg/usr/sbin/ypserv -d &&
	    servers_wait ypserv "$1" -4 -t "$reserved" || return 1
	[ ! -e /proc/sys/net/ipv6 ] ||
	    servers_wait ypserv "$1" -6 -t "$reserved"
}

# Accepts any caller for any title. -v is enough to log a release or abort.
server_storescp() {
	servers_spawn storescp "$1" "hostname dcm" \
	    /mnt/pkg/usr/bin/storescp -v -od /mnt/dir 104 &&
	    servers_wait storescp "$1" -t 'sport = :104'
}

# Refuses every called title but CONSOLE1. A process for each association:
# with --single-process dcmtk 3.6.7 crashes after the first one it accepts.
server_dcmqrscp() {
	servers_spawn dcmqrscp "$1" "hostname aet" \
	    /mnt/pkg/usr/bin/dcmqrscp -v \
	    -c /mnt/lab/dcmqrscp.conf &&
	    servers_wait dcmqrscp "$1" -t 'sport = :11112'
}

server_orthanc() {
	servers_spawn orthanc "$1" "hostname pacs; : >/etc/localtime" \
	    /mnt/pkg/usr/sbin/Orthanc /mnt/lab/orthanc.conf &&
	    servers_wait orthanc "$1" -t 'sport = :4242' &&
	    servers_wait orthanc "$1" -t 'sport = :8042'
}

server_vsftpd() {
	servers_spawn vsftpd "$1" "hostname misc; mkdir -p /run/vsftpd/empty
		cp /mnt/lab/vsftpd.conf /etc/vsftpd.conf" \
	    /mnt/pkg/usr/sbin/vsftpd /etc/vsftpd.conf &&
	    servers_wait vsftpd "$1" -t 'sport = :21'
}

# telnetd under inetd, whose -d keeps it in the foreground.
server_telnetd() {
	servers_spawn telnetd "$1" "hostname misc" \
	    /mnt/pkg/usr/sbin/inetutils-inetd -d /mnt/lab/inetd.conf &&
	    servers_wait telnetd "$1" -t 'sport = :23'
}

server_nginx() {
	servers_spawn nginx "$1" "hostname misc; mkdir -p /var/lib/nginx" \
	    /mnt/pkg/usr/sbin/nginx -p /mnt/dir -e stderr \
	    -c /mnt/lab/nginx.conf &&
	    servers_wait nginx "$1" -t 'sport = :80'
}

server_snmpd() {
	servers_spawn snmpd "$1" "hostname misc; mkdir -p /var/lib/snmp
		export MIBS= SNMP_PERSISTENT_DIR=/var/lib/snmp" \
	    /mnt/pkg/usr/sbin/snmpd -f -Lo -C -c /mnt/lab/snmpd.conf \
	    udp:161 &&
	    servers_wait snmpd "$1" -u 'sport = :161'
}

servers_start() {
	"server_$1" "$2"
}

servers_stop() {
	local pid try
	for pid in "${servers_pids[@]}"; do
		kill "$pid" 2>/dev/null
	done
	for pid in "${servers_pids[@]}"; do
		for try in $(seq 60); do
			kill -0 "$pid" 2>/dev/null || break
			[ "$try" -lt 50 ] || kill -KILL "$pid" 2>/dev/null
			sleep 0.1
		done
	done
	servers_pids=()
}

servers_down() {
	local netns
	servers_stop
	for netns in "${servers_made[@]}"; do
		servers_drop "$netns"
	done
	servers_made=()
}
