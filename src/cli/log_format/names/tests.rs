use super::*;

const LIST: &str = "${version} ${srcaddr} ${dstaddr} ${my-field} ${log-status}";

#[track_caller]
fn check(text: &str) {
    assert_eq!(lists(text), [LIST], "{text}");
}

#[test]
fn the_list_is_found_in_what_people_keep_it_in() {
    check(LIST);
    check(&format!("  '{LIST}'\n"));
    check(&format!("\"{LIST}\""));
    let escaped = LIST.replace('$', "\\$");
    check(&format!(
        "#!/bin/sh\n# creates ${{srcaddr}} ${{bytes}}\naws ec2 create-flow-logs --resource-ids \"${{VPC_ID}}\" \\\n  --log-format \"{escaped}\" --tags \"${{TAGS}}\"\n"
    ));
    let doubled = LIST.replace('$', "$$");
    check(&format!(
        "resource \"aws_flow_log\" \"this\" {{\n  log_destination = \"${{aws_s3_bucket.logs.arn}}/flow\"\n  log_format = \"{doubled}\"\n  tags = {{ Name = \"${{var.name}}-flow\" }}\n}}\n"
    ));
    let listed = doubled.replace(' ', "\",\n    \"");
    check(&format!(
        "log_format = join(\" \", [\n    \"{listed}\",\n  ])\n"
    ));
    check(&format!(
        "Properties:\n  LogFormat: '{LIST}'\n  LogGroupName: !Sub '${{AWS::StackName}}-flow'\n"
    ));
    let literal = LIST.replace("${", "${!");
    check(&format!("  LogFormat: !Sub >-\n    {literal}\n"));
    let folded = LIST.replace(" ${dstaddr}", "\n      ${dstaddr}");
    check(&format!("LogFormat: >-\n      {folded}\n"));
}

#[test]
fn bare_names_are_a_list_in_the_first_line_alone() {
    assert_eq!(
        lists("srcaddr dstaddr my-field\r\n"),
        ["srcaddr dstaddr my-field"]
    );
    assert_eq!(
        lists("\n\"srcaddr,dstaddr,bytes\"\n"),
        ["srcaddr dstaddr bytes"]
    );
    assert_eq!(
        lists("version srcaddr dstaddr\n2 10.0.0.1 10.0.0.2\n"),
        ["version srcaddr dstaddr"]
    );
    assert_eq!(lists("srcaddr"), ["srcaddr"]);
    assert_eq!(lists("${srcaddr}"), ["srcaddr"]);
    assert_eq!(lists("what is this\nsrcaddr dstaddr\n"), [""; 0]);
}

#[test]
fn different_lists_are_several_and_equal_ones_are_one() {
    let text = format!("a = \"{LIST}\"\nb = \"{LIST}\"\nc = \"${{srcaddr}} ${{bytes}}\"\n");
    assert_eq!(lists(&text), [LIST, "${srcaddr} ${bytes}"]);
    assert_eq!(lists("echo ${HOME} ${PATH} ${end"), [""; 0]);
    assert_eq!(lists("${a} ${b} ${bytes}"), [""; 0]);
    assert_eq!(lists("run ${VPC_ID} ${SUBNET_ID} ${subnet_id}"), [""; 0]);
}
