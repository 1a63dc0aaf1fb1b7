# SPDX-License-Identifier: ISC
# shellcheck shell=bash disable=SC2154
# servers_more - more of Debian's servers, for t/recognised.t: to be read with
# ".", after servers.sh, whose way of running them this is.
#
# Started by servers_start like the others: mountd (beside rpcbind), storetls
# (DICOM under TLS), nginxtls, sshd, exim, nmbd, chronyd, vnc, cupsd.

# Every server there is: its packages, where it runs.
# shellcheck disable=SC2034 # for whoever sources this
servers_every='
rpcbind		rpcbind				nis
ypserv		ypserv				nis
mountd		nfs-kernel-server		nis
storescp	dcmtk				dcm
storetls	dcmtk				dcm
dcmqrscp	dcmtk				aet
orthanc		orthanc				pacs
vsftpd		vsftpd				misc
telnetd		inetutils-inetd,inetutils-telnetd	misc
nginx		nginx				misc
nginxtls	nginx				misc
snmpd		snmpd				misc
sshd		openssh-server			misc
exim		exim4-daemon-light		misc
nmbd		samba				misc
chronyd		chrony				misc
vnc		tigervnc-standalone-server	misc
cupsd		cups-daemon			misc
'

# A key and a certificate, made once for each test; openssl(1) makes them.
servers_certificate() {
	[ ! -s "$servers_dir/tls/cert.pem" ] || return 0
	mkdir -p "$servers_dir/tls"
	openssl req -x509 -newkey rsa:2048 -nodes -days 30 \
	    -keyout "$servers_dir/tls/key.pem" \
	    -out "$servers_dir/tls/cert.pem" \
	    -subj "/O=Gantry lab/CN=pacs.lab" \
	    -addext "subjectAltName=DNS:pacs.lab,IP:10.77.0.14" \
	    2>"$servers_dir/tls/log" ||
	    servers_say "no certificate: $(tail -n 1 "$servers_dir/tls/log")"
}

# servers_with_tls NAME: its own copy, where its room shows it as /mnt/dir.
servers_with_tls() {
	servers_certificate && mkdir -p "$servers_dir/$1" &&
	    cp "$servers_dir"/tls/*.pem "$servers_dir/$1/"
}

# Beside rpcbind, whose socket they share. No kernel server: only its mountd.
server_mountd() {
	servers_spawn mountd "$1" "hostname nis
		mkdir -p /var/lib/nfs
		: >/var/lib/nfs/etab; : >/var/lib/nfs/rmtab
		: >/var/lib/nfs/state; : >/etc/exports" \
	    /mnt/pkg/usr/sbin/rpc.mountd -F -p 635 &&
	    servers_wait mountd "$1" -t 'sport = :635'
}

# Asks for no certificate of the caller's; as in the profile of the standard.
server_storetls() {
	servers_with_tls storetls &&
	    servers_spawn storetls "$1" "hostname dcm" \
		/mnt/pkg/usr/bin/storescp -v -od /mnt/dir \
		+tls /mnt/dir/key.pem /mnt/dir/cert.pem --ignore-peer-cert \
		2762 &&
	    servers_wait storetls "$1" -t 'sport = :2762'
}

server_nginxtls() {
	servers_with_tls nginxtls &&
	    servers_spawn nginxtls "$1" "hostname misc
		mkdir -p /var/lib/nginx" \
		/mnt/pkg/usr/sbin/nginx -p /mnt/dir -e stderr \
		-c /mnt/lab/nginxtls.conf &&
	    servers_wait nginxtls "$1" -t 'sport = :443'
}

# The host key is made with the package's own program, or with the machine's
# where that has it already.
server_sshd() {
	servers_spawn sshd "$1" "hostname misc; mkdir -p /run/sshd
		echo sshd:x:105:65534::/run/sshd:/bin/false >>/etc/passwd
		PATH=/mnt/pkg/usr/bin:/usr/bin:/bin ssh-keygen -q -t ed25519 -N '' -f /mnt/dir/key
		chmod 700 /mnt/dir" \
	    /mnt/pkg/usr/sbin/sshd -D -e -f /dev/null -h /mnt/dir/key \
	    -o UsePAM=no &&
	    servers_wait sshd "$1" -t 'sport = :22'
}

# Listens, and would deliver to nobody. Its name is in its greeting.
server_exim() {
	servers_spawn exim "$1" "hostname misc
		echo Debian-exim:x:104:104::/var/spool/exim4:/bin/false \
		    >>/etc/passwd
		echo Debian-exim:x:104: >>/etc/group
		mkdir -p /var/spool/exim4 /var/log/exim4
		chown -R 104:104 /var/spool/exim4 /var/log/exim4
		cp /mnt/lab/exim.conf /etc/exim.conf; chmod 600 /etc/exim.conf" \
	    /mnt/pkg/usr/sbin/exim4 -bdf -oX 25 -C /etc/exim.conf &&
	    servers_wait exim "$1" -t 'sport = :25'
}

server_nmbd() {
	servers_spawn nmbd "$1" "hostname misc
		mkdir -p /var/lib/samba /var/log/samba /run/samba \
		    /var/cache/samba /var/lib/samba/private
		cp /mnt/lab/nmbd.conf /etc/smb.conf
		export LD_LIBRARY_PATH=\$LD_LIBRARY_PATH:\$(echo \
		    /mnt/pkg/usr/lib/*/samba)" \
	    /mnt/pkg/usr/sbin/nmbd -F --no-process-group --debug-stdout \
	    -s /etc/smb.conf &&
	    servers_wait nmbd "$1" -u 'sport = :137'
}

# Serves its own clock, which it leaves as it is (-x).
server_chronyd() {
	servers_spawn chronyd "$1" "hostname misc; mkdir -p /run/chrony" \
	    /mnt/pkg/usr/sbin/chronyd -d -x -u root -f /mnt/lab/chrony.conf &&
	    servers_wait chronyd "$1" -u 'sport = :123'
}

# Its lock goes to a /tmp of its own; xkbcomp is looked for in /usr/bin alone.
server_vnc() {
	local keys=/usr/share/X11/xkb
	[ ! -d "$servers_cache/root$keys" ] || keys=/mnt/pkg$keys
	servers_spawn vnc "$1" "hostname misc; mount -t tmpfs tmpfs /tmp
		mount -t overlay \
		    -o lowerdir=/mnt/pkg/usr/bin:/usr/bin overlay /usr/bin
		export HOME=/mnt/dir" \
	    /mnt/pkg/usr/bin/Xtigervnc :7 -rfbport 5900 \
	    -SecurityTypes VncAuth -PasswordFile /mnt/dir/none \
	    -geometry 64x64 -depth 16 -nolisten tcp -nolisten unix \
	    -xkbdir "$keys" &&
	    servers_wait vnc "$1" -t 'sport = :5900'
}

server_cupsd() {
	servers_spawn cupsd "$1" "hostname misc
		mkdir -p /etc/cups /var/spool/cups /var/cache/cups \
		    /var/log/cups /run/cups
		echo lpadmin:x:107: >>/etc/group; echo lp:x:7: >>/etc/group
		echo lp:x:7:7::/var/spool/lpd:/bin/false >>/etc/passwd
		cp /mnt/lab/cupsd.conf /etc/cups/cupsd.conf
		: >/etc/cups/cups-files.conf" \
	    /mnt/pkg/usr/sbin/cupsd -f -c /etc/cups/cupsd.conf \
	    -s /etc/cups/cups-files.conf &&
	    servers_wait cupsd "$1" -t 'sport = :631'
}
