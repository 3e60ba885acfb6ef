using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CareCoordination.Application.Settings;
using CareCoordination.Hl7v2.Senders;

namespace CareCoordination.Exchange.Settings;

/// <summary>How hospitals tell of stays in HL7 v2: section <c>Transitions</c>. docs/hl7v2.md</summary>
public sealed record HospitalOptions
{
    /// <summary>Who may send; null where no messages of HL7 v2 are taken.</summary>
    public SenderProfiles? Senders { get; init; }

    /// <summary>How many messages are worked on at a time; further ones wait, and so does who sends them.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Bytes of one message.</summary>
    public int MaxMessageBytes { get; init; } = 1024 * 1024;

    /// <summary>True while the server is open: whoever sends is whoever reaches it.</summary>
    public bool IsOpen { get; init; } = true;

    /// <summary>The listener of MLLP; null where there is none.</summary>
    public MllpOptions? Mllp { get; init; }

    /// <param name="configuration">Where it is from.</param>
    /// <param name="isOpen">True where the server asks nobody who they are.</param>
    /// <param name="anybodyMayConnect">True where this server may listen for other machines although nothing checks who calls.</param>
    public static HospitalOptions Read(IConfiguration configuration, bool isOpen, bool anybodyMayConnect)
    {
        var section = new OptionsSection(configuration, "Transitions");
        var defaults = new HospitalOptions();
        var senders = section.Text("SendersPath");
        var options = new HospitalOptions
        {
            Senders = senders is null ? null : Profiles(section, senders),
            Concurrency = section.Number(nameof(Concurrency), defaults.Concurrency, 1, 256),
            MaxMessageBytes = section.Number(nameof(MaxMessageBytes), defaults.MaxMessageBytes, 1024, 64 * 1024 * 1024),
            IsOpen = isOpen,
            Mllp = MllpOptions.Read(section.Section(nameof(Mllp)), anybodyMayConnect),
        };
        section.RefuseOthers();
        return options.WhyNobodyCouldSend() is { } why ? throw new ConfigurationProblem(why) : options;
    }

    private string? WhyNobodyCouldSend() =>
        this switch
        {
            { Mllp: not null, Senders: null } =>
                "Transitions:Mllp:Port is set and Transitions:SendersPath is not; name the file with the profiles of those who may send (docs/hl7v2.md).",
            { IsOpen: false, Mllp.Authorities.Count: > 0 } when Senders!.All.All(s => s.Certificates.IsEmpty) =>
                "Transitions:Mllp:AuthorityPath asks those who connect for a certificate, and no profile of Transitions:SendersPath says whose it is: give each sender that may use MLLP its 'certificates' (docs/hl7v2.md).",
            _ => null,
        };

    private static SenderProfiles Profiles(OptionsSection section, string path)
    {
        byte[] json;
        try
        {
            json = File.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw section.Problem("SendersPath", path, $"it must be a file that can be read ({problem.Message}).");
        }

        return SenderProfiles.Read(json).TryGet(out var profiles, out var failure)
            ? profiles
            : throw section.Problem(
                "SendersPath",
                path,
                $"its profiles are wrong: {string.Join(" ", failure.Issues.Select(i => $"{i.Expression}: {i.Diagnostics}"))}"
            );
    }
}

/// <summary>Where messages come in over MLLP: section <c>Transitions:Mllp</c>.</summary>
/// <param name="EndPoint">Where it listens; port 0 for any that is free.</param>
public sealed record MllpOptions(IPEndPoint EndPoint)
{
    /// <summary>Connections at a time; further ones are not taken from the system's queue until one ends.</summary>
    public int MaxConnections { get; init; } = 128;

    /// <summary>How long a connection may say nothing, and may take for a handshake, a frame and the taking of an answer.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Null: without TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Those who connect have a certificate of one of these; empty: nobody is asked for one.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    internal static MllpOptions? Read(OptionsSection section, bool anybodyMayConnect)
    {
        var port = section.OptionalNumber("Port", 0, 65_535);
        var address = section.Text("Address") ?? IPAddress.Loopback.ToString();
        var certificate = section.Text("CertificatePath");
        var key = section.Text("CertificateKeyPath");
        var authority = section.Text("AuthorityPath");
        var connections = section.Number(nameof(MaxConnections), 128, 1, 10_000);
        var idle = section.Number("IdleSeconds", 3600, 1, 7 * 24 * 3600);
        section.RefuseOthers();
        if (port is not { } number)
            return null;
        if (!IPAddress.TryParse(address, out var ip))
            throw section.Problem(
                "Address",
                address,
                "it must be an IP address, such as 0.0.0.0 for all of this machine."
            );
        if (authority is not null && certificate is null)
            throw section.Problem(
                "AuthorityPath",
                authority,
                "it needs CertificatePath: certificates are asked for by TLS only."
            );
        if (!IPAddress.IsLoopback(ip) && authority is null && !anybodyMayConnect)
            throw section.Problem(
                "Address",
                address,
                "other machines reach it, and nothing checks who connects: set AuthorityPath, so that those who connect need a certificate, or, on a closed network only, Server:AnybodyOnTheNetworkMayDoEverything to true."
            );
        return new MllpOptions(new IPEndPoint(ip, number))
        {
            MaxConnections = connections,
            Idle = TimeSpan.FromSeconds(idle),
            Certificate = certificate is null ? null : Own(section, certificate, key),
            Authorities = authority is null ? [] : Trusted(section, authority),
        };
    }

    private static X509Certificate2 Own(OptionsSection section, string path, string? key)
    {
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(path, key);
            // Keys that exist in memory only are not accepted by every platform's TLS; a PKCS#12 round trip makes them usable.
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception problem) when (IsFile(problem))
        {
            throw section.Problem(
                "CertificatePath",
                path,
                $"it and CertificateKeyPath must be PEM files of a certificate and its key ({problem.Message})."
            );
        }
    }

    private static X509Certificate2Collection Trusted(OptionsSection section, string path)
    {
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(path);
            return roots;
        }
        catch (Exception problem) when (IsFile(problem))
        {
            throw section.Problem("AuthorityPath", path, $"it must be a PEM file of certificates ({problem.Message}).");
        }
    }

    private static bool IsFile(Exception problem) =>
        problem is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;
}
