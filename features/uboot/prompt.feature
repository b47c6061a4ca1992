Feature: U-Boot at its prompt
  The bootloader stops when it is asked to, runs commands and says truthfully how they ended.

  Background:
    Given a board that can run "u-boot"

  Scenario: autoboot is stopped at the prompt
    When the board boots to the bootloader within 30 s
    Then U-Boot reports version 2023.01 or later

  Scenario: a command prints its output
    Given the board is at the bootloader
    When U-Boot runs "echo one two   three"
    Then the command succeeds
    And the output is "one two three"

  Scenario: a failing command reports its exit code
    Given the board is at the bootloader
    When U-Boot runs "false"
    Then the command fails with exit code 1

  Scenario: an unknown command is not mistaken for success
    Given the board is at the bootloader
    When U-Boot runs "frobnicate now"
    Then the command fails
    And the output contains "Unknown command 'frobnicate'"

  Scenario: the board has the memory that its file promises
    Given the board is at the bootloader
    When U-Boot runs "bdinfo"
    Then the command succeeds
    And U-Boot finds 2 GiB of memory

  Scenario: a power cycle starts the bootloader anew
    Given the board is at the bootloader
    And U-Boot sets the variable "survivor" to "yes"
    When the board is power-cycled
    And the board boots to the bootloader within 30 s
    Then the U-Boot variable "survivor" is not set
