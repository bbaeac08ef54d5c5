using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Contracts;
using EligibilityGateway.ReaderAgent.Cards;
using EligibilityGateway.ReaderAgent.Link;
using EligibilityGateway.ReaderAgent.Screen;
using EligibilityGateway.ReaderAgent.Spool;

namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary><c>reader-agent simulate</c>: a terminal whose cards are files and whose staff is standard input.</summary>
internal static class SimulateCommand
{
    public const int WrongSetup = 2;

    public static Command Create()
    {
        var gateways = new Option<Uri[]>("--gateway")
        {
            Description = "Address of a gateway, https://host:port. Several are tried in turn.",
            Required = true,
            CustomParser = GatewaysOf,
        };
        var certificate = new Option<string>("--certificate") { Description = "The terminal's certificate, PEM; intermediates may follow.", Required = true };
        var key = new Option<string>("--key") { Description = "The terminal's private key, PEM.", Required = true };
        var trust = new Option<string>("--trust") { Description = "Who may have signed the gateway's certificate, PEM.", Required = true };
        var cards = new Option<string>("--cards") { Description = "Folder of software cards, NAME.json each.", Required = true };
        var spool = new Option<string>("--spool") { Description = "Folder for unsent events; made where there is none; for this agent alone.", Required = true };
        var shift = new Option<TimeSpan>("--clock-shift")
        {
            Description = "Moves this machine's clock by [-][d.]hh:mm:ss, for demonstrations on a given day; event ids go by it until a gateway has told its time.",
            CustomParser = ShiftOf,
        };
        var language = new Option<string>("--lang") { Description = "Language of the texts for people.", DefaultValueFactory = _ => "ja" };
        language.OneOf("ja", "en");
        var command = new Command("simulate", """
            Plays a terminal with software cards. Where standard input is a keyboard it takes typed words (help lists them);
            otherwise one JSON command a line, and answers one JSON result a line:
              {"id":"1","do":"tap","card":"NAME","proof":"pin|face|sight","pin":"1234","purpose":"care|dispensing|emergency-transport|emergency-care|registration","serviceDate":null,"consents":[{"subject":"limit|emergency-summary|month-elsewhere","given":true}],"emergency":{"cannotConsent":true,"note":""}}
              {"id":"2","do":"type","document":"insurance-card|eligibility-certificate|eligibility-notice","insurerNumber":"","symbol":"","number":"","branch":"","birthDate":"yyyy-MM-dd"} and the rest as for tap
              {"id":"3","do":"resend","of":"1"}
              {"id":"4","do":"charge","of":"1","totalCost":100000,"charged":30000,"held":false,"inpatient":false} and, where a held charge is paid, "collects":"ID"
              {"id":"5","do":"take-back","of":"4"}
              {"id":"6","do":"status"}
            The line {"ready":true,…} says that a gateway has let the terminal in. When the input ends, it waits up to 10 seconds for
            answers, closes and exits with 0; 2 means that it could not start.
            """)
        {
            gateways, certificate, key, trust, cards, spool, shift, language,
        };
        command.SetAction((parsed, cancel) => RunAsync(
            new SimulateOptions(
                parsed.GetRequiredValue(gateways),
                parsed.GetRequiredValue(certificate),
                parsed.GetRequiredValue(key),
                parsed.GetRequiredValue(trust),
                parsed.GetRequiredValue(cards),
                parsed.GetRequiredValue(spool),
                parsed.GetValue(shift),
                parsed.GetRequiredValue(language)),
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(SimulateOptions options, CancellationToken cancel)
    {
        var diagnostics = new Diagnostics(Console.Error);
        try
        {
            using var certificate = TerminalCertificate.Load(options.Certificate, options.Key, options.Trust);
            using var spool = EventSpool.Open(options.Spool, new LinkSettings { Gateways = options.Gateways }.MostWaiting, diagnostics.Say);
            await SimulateAsync(options, certificate, spool, diagnostics, cancel);
            return 0;
        }
        catch (Exception e) when (e is TerminalCertificateException or IOException or UnauthorizedAccessException)
        {
            diagnostics.Say(e.Message);
            return WrongSetup;
        }
    }

    private static async Task SimulateAsync(
        SimulateOptions options, TerminalCertificate certificate, EventSpool spool, Diagnostics diagnostics, CancellationToken cancel)
    {
        var settings = new LinkSettings { Gateways = options.Gateways };
        var clock = new GatewayClock(new ShiftedClock(options.ClockShift));
        var words = (options.Language == "ja" ? Words.Japanese : Words.English).At(certificate.Identity.Role);
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using var input = new StreamReader(Console.OpenStandardInput(), utf8);
        await using var output = new StreamWriter(Console.OpenStandardOutput(), utf8);
        using var cards = new SoftwareCards(options.Cards);
        IConversation conversation = Console.IsInputRedirected ? new JsonConversation(input, output) : new TypedConversation(input, output, cards, words);
        var transport = new GatewayTransport(certificate, settings);
        await using var link = new GatewayLink(
            settings, transport, certificate.Identity, spool, clock, Random.Shared, diagnostics);
        var desk = new Desk(certificate.Identity, link, new ChargeDesk(new ChargeLine(settings, transport, clock), clock, words), cards, clock, words);
        await new Simulation(certificate.Identity, desk, link, conversation, settings.LookUpDeadline, clock, diagnostics).RunAsync(cancel);
    }

    private static Uri[] GatewaysOf(ArgumentResult argument)
    {
        var gateways = new List<Uri>();
        foreach (var token in argument.Tokens)
        {
            // Identity is the client certificate, so there is no plain http.
            if (Uri.TryCreate(token.Value, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps) gateways.Add(uri);
            else argument.AddError("--gateway is an address of the form https://host:port.");
        }
        return [.. gateways];
    }

    private static TimeSpan ShiftOf(ArgumentResult argument)
    {
        if (TimeSpan.TryParse(argument.Tokens[0].Value, CultureInfo.InvariantCulture, out var shift)) return shift;
        argument.AddError("--clock-shift has the form [-][d.]hh:mm:ss.");
        return TimeSpan.Zero;
    }
}
