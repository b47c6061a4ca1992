Feature: Linux finds the machine that the board file promises, and computes rightly on it

  Background:
    Given a board that can run "linux" with 2 GiB of memory
    And the boot set "linux-debian12" is staged
    And the board is at userland

  Scenario: every CPU is there and is what it says it is
    When userland runs "grep -c '^processor' /proc/cpuinfo"
    Then the output is "2"
    When userland runs "grep -m1 'CPU part' /proc/cpuinfo"
    Then the output contains "0xd08"
    When userland runs "grep -m1 Features /proc/cpuinfo"
    Then the output contains "fp asimd"

  Scenario: the memory is there
    When userland runs "free -m | awk '/^Mem:/ { if ($2 > 1800 && $2 <= 2048) print \"enough\"; else print $2 }'"
    Then the output is "enough"

  Scenario: a known file has its hash
    When userland runs "dd if=/dev/zero bs=1M count=16 2>/dev/null | sha256sum"
    Then the output contains "080acf35a507ac9849cfcba47dc2ad83e01b75663a516279c8b9d243b719643e"

  Scenario: the gateway answers
    Given userland has an address by DHCP
    When userland runs "ping -c 3 $SERVER"
    Then the command succeeds
    And the output contains "3 packets transmitted, 3 packets received, 0% packet loss"
