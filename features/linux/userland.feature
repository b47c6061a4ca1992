Feature: Linux without a hypervisor

  Background:
    Given a board that can run "linux" with 2 GiB of memory
    And the boot set "linux-debian12" is staged

  Scenario: the kernel reaches its shell
    When the board boots to userland within 60 s
    Then "uname -r" in userland prints the kernel of the boot set
    And the TFTP server sent every staged file exactly once

  Scenario: commands report output and exit code
    Given the board is at userland
    When userland runs "echo out; echo err >&2; (exit 7)"
    Then the command fails with exit code 7
    And the output contains "out"
    And the output contains "err"

  Scenario: a command that prints kernel lines keeps them
    Given the board is at userland
    When userland runs "dmesg | grep 'Linux version'"
    Then the command succeeds
    And the output contains "Linux version"

  Scenario: the board puts a file on the TFTP server
    Given the board is at userland
    And userland has an address by DHCP
    When userland runs "echo result 42 > /tmp/result.txt; tftp -p -l /tmp/result.txt -r result.txt $SERVER"
    Then the command succeeds
    And the TFTP server received "result.txt" with the text:
      """
      result 42
      """
