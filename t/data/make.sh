#!/bin/sh
# SPDX-License-Identifier: ISC
# make.sh [DIRECTORY]: write the captures of this directory, from the hex and
# the times in origin-datagrams.txt and origin-trace.txt, into DIRECTORY, or
# beside this script. README.md says what each is. The same bytes come out
# every time; only perl's core and python3 are needed, because the capture tools
# write their own version and the machine's into a pcapng file.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/segment.py" write "${1:-$here}/segment.pcap"
exec perl - "$here" "${1:-$here}" <<'PERL'
use strict;
use warnings;

my ($here, $out) = @ARGV;
my $snap = 68;
my $sent = 88;
my $ether = pack('H*', 'ffffffffffff' . '0800200a1204' . '0800');

# Lines of a text without its comments, each split at blanks.
sub lines {
	my ($name) = @_;
	open(my $file, '<', "$here/$name") or die "$here/$name: $!\n";
	return map { [split] } grep { !/^#/ } <$file>;
}

# Days since 1970-01-01 of a date of the Gregorian calendar, which is counted
# from a first of March so that the leap day comes last.
sub days {
	my ($year, $month, $day) = @_;
	($year, $month) = ($year - 1, $month + 12) if $month < 3;
	return 365 * $year + int($year / 4) - int($year / 100) +
	    int($year / 400) + int((153 * ($month - 3) + 2) / 5) + $day -
	    1 - 719468;
}

# Seconds and microseconds since 1970 of a date and a time of day.
sub at {
	my ($date, $time) = @_;
	my ($hour, $minute, $second, $usec) = split(/[:.]/, $time);
	return (days(split(/-/, $date)) * 86400 + $hour * 3600 +
	    $minute * 60 + $second, $usec);
}

sub checksum {
	my $sum = 0;
	$sum += $_ for unpack('n*', $_[0]);
	$sum = ($sum & 0xffff) + ($sum >> 16) while $sum > 0xffff;
	return ~$sum & 0xffff;
}

# The IP header of a beacon; without a number for its checksum, the right one.
sub ip {
	my ($id, $sum) = @_;
	my $header = pack('CCnnnCCna4a4', 0x45, 0, 74, $id, 0, 60, 17,
	    $sum // 0, pack('C4', 128, 231, 213, 4),
	    pack('C4', 128, 231, 212, 0));
	return defined $sum ? $header : ip($id, checksum($header));
}

# Frames are [seconds, microseconds, captured bytes].
sub datagrams {
	return map {
		my ($date, $time, @hex) = @$_;
		[at($date, $time), $ether . pack('H*', join('', @hex))];
	} lines('origin-datagrams.txt');
}

# What the four datagrams have in common: their payload, and how far the IP
# identification is ahead of the source port.
sub trace {
	my ($first) = datagrams();
	my ($id, $port) = unpack('x18 n x14 n', $first->[2]);
	my $payload = substr($first->[2], 42);
	return map {
		my ($date, $time, $source) = @$_;
		my $udp = pack('nnnn', $source, 1600, 54, 0);
		[at($date, $time), $ether .
		    ip($source + $id - $port) . $udp . $payload];
	} lines('origin-trace.txt');
}

sub pcap_head {
	my ($link) = @_;
	return pack('VvvVVVV', 0xa1b2c3d4, 2, 4, 0, 0, $snap, $link);
}

sub pcap_record {
	my ($seconds, $usec, $bytes, $length) = @_;
	return pack('VVVV', $seconds, $usec, length($bytes),
	    $length // $sent) . $bytes;
}

sub pcap {
	return join('', pcap_head(1), map { pcap_record(@$_) } @_);
}

# A block of pcapng: type, length, body, length again.
sub block {
	my ($type, $body) = @_;
	$body .= "\0" x (-length($body) % 4);
	my $length = length($body) + 12;
	return pack('VV', $type, $length) . $body . pack('V', $length);
}

# Section header, one interface (Ethernet, microseconds), one block a frame.
sub pcapng {
	my $section = block(0x0a0d0d0a,
	    pack('VvvVV', 0x1a2b3c4d, 1, 0, 0xffffffff, 0xffffffff));
	my $interface = block(1, pack('vvV', 1, 0, $snap) .
	    pack('vvCx3vv', 9, 1, 6, 0, 0));
	return join('', $section, $interface, map {
		my ($seconds, $usec, $bytes) = @$_;
		my $time = $seconds * 1000000 + $usec;
		block(6, pack('VVVVV', 0, $time >> 32, $time & 0xffffffff,
		    length($bytes), $sent) . $bytes);
	} @_);
}

sub save {
	my ($name, $bytes) = @_;
	open(my $file, '>:raw', "$out/$name") or die "$out/$name: $!\n";
	print $file $bytes;
	close($file) or die "$out/$name: $!\n";
}

my @four = datagrams();
my $whole = pcap(@four);
save('origin-datagrams.pcap', $whole);
save('origin-datagrams.pcapng', pcapng(@four));
save('origin-trace.pcap', pcap(trace()));
save('origin-trace.pcapng', pcapng(trace()));

# Third record cut after 30 of its 68 bytes.
save('bad-truncated.pcap', substr($whole, 0, 24 + 2 * 84 + 16 + 30));
# Section and interface whole, first frame's block cut after 40 of 100 bytes.
save('bad-truncated.pcapng', substr(pcapng(@four), 0, 28 + 32 + 40));
# Second record claims to be longer than any frame can be.
my $corrupt = $whole;
substr($corrupt, 24 + 84 + 8, 4) = pack('V', 0xfffffff0);
save('bad-corrupt.pcap', $corrupt);
save('bad-magic.pcap', "\xde\xad\xbe\xef" . substr($whole, 4));
save('bad-empty.pcap', '');
# IEEE 802.11 without radio header, one acknowledgement frame.
save('bad-linktype.pcap', pcap_head(105) .
    pcap_record(at('2000-01-10', '16:25:08.759896'),
	pack('H*', 'd40000000800200a1204'), 10));
save('no-packets.pcap', pcap_head(1));
PERL
