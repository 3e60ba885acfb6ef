using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CareCoordination.Connectors.Mllp;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Strategies.Hl7V2;
using CareCoordination.Hl7v2.Mllp;

namespace CareCoordination.Connectors.Tests;

/// <summary>REF^I12 over MLLP, at a listener that speaks in raw frames.</summary>
public sealed class Hl7V2Tests : IDisposable
{
    private static readonly PartnerOptions Options = Lines.Plain with
    {
        Strategy = "Hl7V2",
        Hl7V2 = new() { ReceivingApplication = "EHR", ReceivingFacility = "NORTH" },
        PatientIdentifierSystem = "urn:oid:1.2.36.146",
    };

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly PartnerConnectors _connectors = Lines.Connectors();

    public Hl7V2Tests() => _listener.Start();

    private Uri Address => new($"mllp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public void Dispose()
    {
        _connectors.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public void A_referral_is_written_whole() =>
        Assert.Equal(
            """
            MSH|^~\&|CARECOORDINATION||EHR|NORTH|20260302101530+0000||REF^I12^REF_I12|ID|P|2.5.1||||||UNICODE UTF-8
            RF1|P|A||||t1^^http://care.example.org/fhir/Task^URI|20260302|20260309100000+0000||Z59.41^Food insecurity^I10C
            PRD|RP^Referring Provider^HL70286|Grey^Mo^^^Dr|||555 0101^WPN^PH||1234567893^http://hl7.org/fhir/sid/us-npi
            PRD|RT^Referred to Provider^HL70286|Food Bank|2 Side St^^Springfield|Food Bank
            PID|1||MRN-5^^^&1.2.36.146&ISO^MR||O\S\Neill^Ana^Lía||19800229|F|||1 Main St^Apt 2^Springfield^IL^62701||+1 555 0100^PRN^CP~^NET^Internet^ana@example.org
            IN1|1|GOLD^GOLD^L|o7|Payer Inc||||||||||||||||||||||||||||||||SUB-1
            DG1|1||Z59.41^Food insecurity^I10C||20260227|W
            DG1|2||Z59.41^Food insecurity^I10C|||W
            OBR|1|s1^^http://care.example.org/fhir/ServiceRequest^URI||467771000124109^Assistance with application for food pantry program^SCT
            NTE|1||Two adults \T\ three children \F\ vegetarian

            """.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\n', '\r').Replace(
                "|ID|",
                $"|{Hl7V2Payload.ControlId(Samples.Package())}|",
                StringComparison.Ordinal
            ),
            Encoding.UTF8.GetString(Hl7V2Payload.Build(Samples.Package(), Options))
        );

    [Theory]
    [InlineData("send", "requested", "REF^I12^REF_I12", "RF1|P|")]
    [InlineData("update", "on-hold", "REF^I13^REF_I12", "RF1|A|")]
    [InlineData("cancel", "cancelled", "REF^I14^REF_I12", "RF1|E|")]
    public void Kind_and_status_are_the_trigger_and_the_referral_status(
        string kind,
        string status,
        string type,
        string referral
    )
    {
        var text = Encoding.UTF8.GetString(Hl7V2Payload.Build(Samples.Package(kind, status), Options));

        Assert.Contains($"|{type}|", text, StringComparison.Ordinal);
        Assert.Contains($"\r{referral}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_referral_without_what_may_not_leave_is_still_one()
    {
        var text = Encoding.UTF8.GetString(Hl7V2Payload.Build(Samples.Package() with { Supporting = [] }, Options));

        Assert.Contains("\rPID|1||p1^^^&http://care.example.org/fhir/Patient&URI^PI\r", text, StringComparison.Ordinal);
        Assert.Contains("\rPRD|RT^Referred to Provider^HL70286|Food Bank\r", text, StringComparison.Ordinal);
        Assert.DoesNotContain("IN1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_control_id_is_the_deliverys_and_fits()
    {
        var id = Hl7V2Payload.ControlId(Samples.Package());

        Assert.Matches("^[0-9A-Z]{20}$", id);
        Assert.Equal(id, Hl7V2Payload.ControlId(Samples.Package("update")));
        Assert.NotEqual(id, Hl7V2Payload.ControlId(Samples.Package() with { DeliveryId = "other" }));
    }

    [Theory]
    [InlineData("a|b^c&d~e\\f", "a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f")]
    [InlineData("one\r\ntwo\u000b\u001c", "one\\.br\\two")]
    [InlineData("Zoë 日本", "Zoë 日本")]
    public void Text_cannot_end_a_field_a_segment_or_a_frame(string text, string escaped) =>
        Assert.Equal($"ZZZ|{escaped}\r", Encoding.UTF8.GetString(new Hl7Writer().Segment("ZZZ").Field(text).ToUtf8()));

    [Fact]
    public async Task An_accepted_message_is_delivered_and_the_line_is_kept_for_the_next()
    {
        var serving = ServeAsync(2, m => Ack(m, "AA"), 1);

        var first = await SendAsync(Samples.Package());
        var second = await SendAsync(Samples.Package() with { DeliveryId = "0193f2a0-7c1e-7000-8000-00000000000b" });

        Assert.Equal(new SendOutcome.Delivered(null, null), first);
        Assert.Equal(first, second);
        Assert.Equal(2, (await serving).Count);
    }

    [Theory]
    [InlineData("AR", "", typeof(SendOutcome.NeedsHuman))]
    [InlineData("AR", "207", typeof(SendOutcome.TryLater))]
    [InlineData("AE", "", typeof(SendOutcome.TryLater))]
    [InlineData("AE", "101", typeof(SendOutcome.NeedsHuman))]
    [InlineData("AE", "206", typeof(SendOutcome.TryLater))]
    [InlineData("CR", "202", typeof(SendOutcome.NeedsHuman))]
    [InlineData("CA", "", typeof(SendOutcome.Delivered))]
    public async Task An_acknowledgement_says_whether_the_same_again_may_help(string code, string error, Type outcome)
    {
        var serving = ServeAsync(1, m => Ack(m, code, error), 1);

        var actual = await SendAsync(Samples.Package());

        Assert.IsType(outcome, actual);
        await serving;
    }

    [Fact]
    public async Task The_partners_reason_is_kept_as_an_operation_outcome()
    {
        var serving = ServeAsync(1, m => Ack(m, "AE", "101"), 1);

        var human = Assert.IsType<SendOutcome.NeedsHuman>(await SendAsync(Samples.Package()));

        Assert.Equal(
            """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"processing","diagnostics":"PID^1^5 101 Required field missing"}]}""",
            Encoding.UTF8.GetString(human.Answer.Span)
        );
        await serving;
    }

    /// <summary>What partners of other makes and years answer: the acknowledgement, and what it means.</summary>
    [Theory]
    [InlineData("MSH#$%!@#EHR\rMSA#AA#{0}\r", typeof(SendOutcome.Delivered))]
    [InlineData("MSH|^~\\&|EHR\nMSA|AA|{0}\n", typeof(SendOutcome.Delivered))]
    [InlineData("\r\nMSH|^~\\&|EHR\r\n\r\nMSA|AA|{0}", typeof(SendOutcome.Delivered))]
    [InlineData("MSH|^~\\&|EHR|||||||||2.3\rMSA|AE|{0}\rERR|PID^1^5^207&Busy&HL70357\r", typeof(SendOutcome.TryLater))]
    [InlineData(
        "MSH|^~\\&|EHR|||||||||2.3\rMSA|AE|{0}\rERR|PID^1^5^101&Missing~PID^1^3^207\r",
        typeof(SendOutcome.NeedsHuman)
    )]
    [InlineData("MSH#$%!@#EHR\rMSA#AE#{0}\rERR###206$Locked\r", typeof(SendOutcome.TryLater))]
    [InlineData("msh|^~\\&|EHR\rMSA|AA|{0}\r", typeof(SendOutcome.TryLater))]
    [InlineData("MSH|^~\\&|EHR\rPID|AA|{0}\r", typeof(SendOutcome.TryLater))]
    public async Task An_acknowledgement_is_read_whatever_its_separators_and_its_version(string ack, Type outcome)
    {
        var serving = ServeAsync(1, m => string.Format(CultureInfo.InvariantCulture, ack, Control(m)), 1);

        Assert.IsType(outcome, await SendAsync(Samples.Package()));
        await serving;
    }

    [Fact]
    public async Task An_answer_that_is_longer_than_any_acknowledgement_is_tried_again()
    {
        var serving = ServeAsync(1, m => Ack(m, "AA") + "ZZZ|" + new string('x', 300_000), 1);

        Assert.IsType<SendOutcome.TryLater>(await SendAsync(Samples.Package()));
        // The listener may find the line ended in the middle of what it writes.
        Assert.True(await Record.ExceptionAsync(() => serving) is null or IOException);
    }

    [Fact]
    public async Task A_line_with_something_behind_the_answer_is_not_used_again()
    {
        var serving = ServeAsync(2, m => $"{Ack(m, "AA")}\u001c\r\u000b{Ack(m, "AE")}", 2, perConnection: 1);

        Assert.IsType<SendOutcome.Delivered>(await SendAsync(Samples.Package()));
        Assert.IsType<SendOutcome.Delivered>(
            await SendAsync(Samples.Package() with { DeliveryId = "0193f2a0-7c1e-7000-8000-00000000000b" })
        );
        Assert.Equal(2, (await serving).Count);
    }

    [Fact]
    public async Task An_acknowledgement_of_another_message_is_none()
    {
        var serving = ServeAsync(1, _ => "MSH|^~\\&|||||||ACK|1|P|2.5.1\rMSA|AA|OTHER\r", 1);

        var later = Assert.IsType<SendOutcome.TryLater>(await SendAsync(Samples.Package()));

        Assert.Equal("The partner acknowledged another message.", later.Problem);
        await serving;
    }

    [Fact]
    public async Task A_line_that_ends_before_the_answer_is_tried_again_with_the_same_control_id()
    {
        var serving = ServeAsync(2, m => m.Contains("|again|", StringComparison.Ordinal) ? "" : null, 2);

        var outcome = await SendAsync(
            Samples.Package(),
            Options with
            {
                Retries = 1,
                RetryDelay = TimeSpan.FromMilliseconds(1),
            }
        );

        Assert.IsType<SendOutcome.TryLater>(outcome);
        var received = await serving;
        Assert.Equal(2, received.Count);
        Assert.Equal(received[0], received[1]);
    }

    [Fact]
    public async Task An_address_of_another_kind_needs_a_human()
    {
        var human = Assert.IsType<SendOutcome.NeedsHuman>(
            await _connectors
                .Line(new Uri("http://127.0.0.1:1/fhir"), Options)
                .SendAsync(Samples.Package(), CancellationToken.None)
        );

        Assert.Equal("HL7 v2 needs an Endpoint whose address is mllp://host:port or mllps://host:port.", human.Problem);
    }

    private Task<SendOutcome> SendAsync(ReferralPackage package, PartnerOptions? options = null) =>
        _connectors.Line(Address, options ?? Options).SendAsync(package, CancellationToken.None);

    private static string Control(string message) => message.Split('\r')[0].Split('|')[9];

    private static string Ack(string message, string code, string error = "")
    {
        var control = Control(message);
        var ack = $"MSH|^~\\&|EHR|NORTH|CARECOORDINATION||20260302||ACK^I12|A1|P|2.5.1\rMSA|{code}|{control}\r";
        return error.Length == 0 ? ack : ack + $"ERR||PID^1^5|{error}|E||||Required field missing\r";
    }

    /// <summary>Answers so many messages on so many connections; an answer of null ends the connection.</summary>
    private async Task<List<string>> ServeAsync(
        int messages,
        Func<string, string?> answer,
        int connections,
        int perConnection = int.MaxValue
    )
    {
        var received = new List<string>();
        for (var c = 0; c < connections; c++)
        {
            using var client = await _listener.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            var reader = new MllpReader(stream);
            for (var n = 0; n < perConnection && received.Count < messages; n++)
            {
                var frame = await reader.ReadAsync(CancellationToken.None);
                var message = Encoding.UTF8.GetString(frame!.Bytes.Span);
                received.Add(message);
                if (answer(message) is not { } text)
                    break;
                await stream.WriteAsync(MllpFrames.Wrap(Encoding.UTF8.GetBytes(text)));
            }
        }

        return received;
    }
}
