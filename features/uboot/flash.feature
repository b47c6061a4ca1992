Feature: U-Boot keeps its environment in flash

  Background:
    Given a board that can run "saveenv"
    And the board is at the bootloader

  Scenario: a saved variable is there after a reset and after a power cycle
    When U-Boot runs "setenv kept 'through the night'; saveenv" within 30 s
    Then the command succeeds
    When the board is power-cycled
    And the board boots to the bootloader
    Then the U-Boot variable "kept" is "through the night"

  Scenario: a variable that was not saved is gone after a power cycle
    When U-Boot runs "setenv fleeting 1"
    And the board is power-cycled
    And the board boots to the bootloader
    Then the U-Boot variable "fleeting" is not set
