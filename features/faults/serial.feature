Feature: A bad serial line
  The line between the board and the recorder is hurt on purpose. What can be survived is survived; what cannot is never
  blamed on the product, and the recording says what was done to it.

  Background:
    Given a board that can run "u-boot"

  Scenario: characters that are lost on the way to the board are typed again
    Given the board is at the bootloader
    And the serial line loses the 20th byte that is typed
    And the serial line loses the 120th byte that is typed
    When U-Boot runs "echo every character counts"
    Then the output is "every character counts"
    When U-Boot runs "echo and each of them once"
    Then the output is "and each of them once"
    And at least 2 faults have struck

  Scenario: an echo that comes back damaged is typed again
    Given the serial line loses 2 bytes at console byte 440
    When the board boots to the bootloader
    And U-Boot runs "echo every character counts, though its echo may be lost"
    Then the output is "every character counts, though its echo may be lost"
    And at least 1 fault has struck

  Scenario: a line that stalls is waited for
    Given the serial line stalls for 500 ms at console byte 200
    When the board boots to the bootloader
    Then U-Boot reports version 2020 or later
    And at least 1 fault has struck

  Scenario: a port that vanishes while nobody needs it is waited for
    Given the serial port is gone for 500 ms at console byte 3000
    When the board boots to the bootloader
    And U-Boot runs "help; sleep 3"
    Then the command succeeds
    And at least 2 faults have struck

  Scenario: a boot mark that the line has lost is not the product's fault
    Given the serial line loses 8 bytes at console byte 8
    When the board tries to boot to the bootloader within 3 s
    Then the boot fails with an infrastructure error because of "timeout"
    And the failure names the fault "8 bytes from the board lost"

  Scenario: nor is one that bits were flipped in
    Given the serial line flips a bit of every 5th byte from the board with seed 7
    When the board tries to boot to the bootloader within 3 s
    Then the boot fails with an infrastructure error because of "timeout"
    And the failure names the fault "1 bit of a byte from the board flipped"
