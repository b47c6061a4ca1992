Feature: U-Boot's environment, variables and scripts

  Background:
    Given a board that can run "u-boot"
    And the board is at the bootloader

  Scenario: a variable keeps its value
    When U-Boot sets the variable "greeting" to "good morning"
    Then the U-Boot variable "greeting" is "good morning"

  Scenario: a variable is expanded in a command
    Given U-Boot sets the variable "who" to "board"
    When U-Boot runs "echo hello ${who}"
    Then the output is "hello board"

  Scenario: deleting a variable leaves nothing behind
    Given U-Boot sets the variable "shortlived" to "1"
    When U-Boot runs "setenv shortlived"
    Then the U-Boot variable "shortlived" is not set

  Scenario: the default environment names the architecture
    Then the U-Boot variable "arch" is "arm"

  Scenario: the environment survives an export and an import
    Given U-Boot sets the variable "kept" to "as it was"
    When U-Boot runs "env export -t -s 0x1000 ${loadaddr} kept"
    And U-Boot sets the variable "kept" to "changed"
    And U-Boot runs "env import -t ${loadaddr} 0x1000 kept"
    Then the command succeeds
    And the U-Boot variable "kept" is "as it was"

  Scenario: arithmetic and conditions work in scripts
    When U-Boot runs "setexpr sum 0x20 + 0x22; if test ${sum} = 42; then echo right; else echo wrong; fi"
    Then the output is "right"

  Scenario: a staged script runs and sees the variables
    Given U-Boot has an address by DHCP
    And U-Boot sets the variable "name" to "script"
    And the U-Boot script "hello.scr" is staged:
      """
      echo I am a ${name}
      setenv answer 42
      """
    When U-Boot loads "hello.scr" by TFTP
    And U-Boot runs "source ${fileaddr}"
    Then the command succeeds
    And the output contains "I am a script"
    And the U-Boot variable "answer" is "42"

  Scenario: a damaged script is refused
    Given U-Boot has an address by DHCP
    And the file "damaged.scr" is staged with the text:
      """
      this is no image
      """
    When U-Boot loads "damaged.scr" by TFTP
    And U-Boot runs "source ${fileaddr}"
    Then the command fails
    And the output contains "Wrong image format"
