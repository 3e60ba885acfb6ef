using System.Text;
using CareCoordination.Fhir.Json;
using static CareCoordination.Fhir.Tests.Json.Documents;

namespace CareCoordination.Fhir.Tests.Json;

public sealed class PrettyPrinterTests
{
    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("{ \n}", "{}")]
    [InlineData(
        "{\"a\":1.00,\"b\":[ ],\"c\":[1,{\"d\":\"x\\\"{,:}\"}]}",
        "{\n  \"a\": 1.00,\n  \"b\": [],\n  \"c\": [\n    1,\n    {\n      \"d\": \"x\\\"{,:}\"\n    }\n  ]\n}"
    )]
    [InlineData(" { \"a\" :\ttrue , \"b\" : \"\\\\\" } ", "{\n  \"a\": true,\n  \"b\": \"\\\\\"\n}")]
    public void Puts_each_property_on_a_line(string json, string expected) =>
        Assert.Equal(expected, Text(PrettyPrinter.Indent(Encoding.UTF8.GetBytes(json))));
}
