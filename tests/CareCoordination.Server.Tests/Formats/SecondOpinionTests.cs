using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Formats;

/// <summary>The second opinion that every answer gets, on what it has to find.</summary>
public sealed class SecondOpinionTests
{
    [Theory]
    [InlineData("""{"resourceType":"Patient","unknown":1}""")]
    [InlineData("""{"resourceType":"Patient","active":"true"}""")]
    [InlineData("""{"resourceType":"Patient","gender":"other one"}""")]
    [InlineData("""{"resourceType":"Bundle"}""")]
    [InlineData("""{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Task"}}]}""")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[]}""")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"severity":"bad","code":"invalid"}]}""")]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"valueString":"x"}]}""")]
    [InlineData("""{"resourceType":"Task","status":"requested","intent":"order","for":{"reference":""}}""")]
    [InlineData("""{"resourceType":"Nothing"}""")]
    public void A_fault_is_found(string json) =>
        Assert.NotEmpty(SecondOpinion.Faults("application/fhir+json; charset=utf-8", json));

    [Theory]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><unknown value='1'/></Patient>")]
    [InlineData("<Patient><active value='true'/></Patient>")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><active value='true'/><id value='a'/></Patient>")]
    public void A_fault_is_found_in_xml(string xml) =>
        Assert.NotEmpty(SecondOpinion.Faults("application/fhir+xml; charset=utf-8", xml));

    [Fact]
    public void What_is_right_is_let_pass()
    {
        Assert.Empty(SecondOpinion.Faults("application/fhir+json; charset=utf-8", Given.Patient("a")));
        Assert.Empty(SecondOpinion.Faults("text/plain", "live"));
        Assert.Empty(SecondOpinion.Faults("application/fhir+json; charset=utf-8", ""));
    }
}
